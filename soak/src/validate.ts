import { setImmediate as immediate } from "node:timers/promises";
import { formatId } from "@muster/domain/ids.ts";
import { atomic, ordered, reliable, unique } from "@muster/events/testing/validators.ts";
import { type Field, TYPES_OF } from "./clients/frame.ts";
import type { ReadToPresent } from "./clients/read-to-present.ts";
import type { RecordedHistory } from "./clients/recorded-history.ts";
import type { Journal } from "./journal.ts";
import { type LogEntry, readLog } from "./log.ts";
import { isBefore } from "./position.ts";
import type { Site } from "./site.ts";
import type { Tenant } from "./tenant.ts";

/** What was looked at, for the report. */
export interface Validated {
  readonly histories: number;
  readonly connections: number;
  readonly deliveries: number;
  readonly bookmarks: number;
}

/**
 * Histories that began before the first of these events and ended after the last but the `late` ones: every validator, on each of
 * them. What is late is looked at neither as lost nor as delivered.
 */
export function validateHistories(
  all: readonly LogEntry[],
  histories: readonly RecordedHistory[],
  violated: Journal["violated"],
  late: ReadonlySet<string> = new Set(),
): Validated {
  const log = all.filter(({ id }) => !late.has(id));
  let [connections, deliveries, bookmarks] = [0, 0, 0];
  for (const history of histories) {
    const due = ofField(log, history.field);
    const frames = history.frames.filter((frame) => frame.kind !== "EventDelivery" || !late.has(frame.event.id));
    const found = {
      reliable: reliable(due, frames),
      unique: unique(history.frames),
      ordered: ordered(history.frames),
      atomic: atomic(due, frames),
    };
    for (const guarantee of ["reliable", "unique", "ordered", "atomic"] as const) {
      for (const violation of found[guarantee]) violated(guarantee, `${history.name}: ${violation}`);
    }
    connections += history.connections;
    deliveries += history.frames.filter(({ kind }) => kind === "EventDelivery").length;
    bookmarks += history.frames.filter(({ kind }) => kind === "Bookmark").length;
  }
  return { histories: histories.length, connections, deliveries, bookmarks };
}

/** Histories from some cursor to a bookmark: all that lies in between by their cursors, and nothing else. */
export async function validatePart(site: Site, tenant: Tenant, parts: readonly ReadToPresent[]): Promise<void> {
  const log = await readLog(site.cluster, tenant.projectUuid);
  for (const { history, last } of parts) {
    if (last.__typename !== "Bookmark") {
      site.journal.violated("resumable", `${history.name} was told ${JSON.stringify(last)} for a good cursor`);
      continue;
    }
    const due = log.filter((fact) => isBefore(fact, last.cursor) && !isBefore(fact, history.start));
    validateHistories(due, [history], site.journal.violated);
    // The clients of this process must hear what comes meanwhile.
    await immediate();
  }
}

/** What was acknowledged is in the log, what was rolled back is not, and a commit that was cut off is where it should be. */
export function validateWritten(log: readonly LogEntry[], { written, cutOff, journal }: Site): void {
  const reasons = new Set(log.flatMap(({ reason }) => reason ?? []));
  const subjects = new Set(
    log.flatMap(({ type, subjectId, subjectVersion }) => {
      if (type === "task.transitioned") return [formatId("task", subjectId)];
      return type === "context.version_written" ? [`${formatId("context", subjectId)}@${subjectVersion}`] : [];
    }),
  );
  const lost = [...written.acknowledged].filter((reason) => !reasons.has(reason));
  lost.push(...[...written.subjects].filter((subject) => !subjects.has(subject)));
  lost.push(...[...cutOff.after].filter((reason) => !reasons.has(reason)));
  const undead = [...written.rolledBack, ...cutOff.before].filter((reason) => reasons.has(reason));
  for (const what of lost) journal.violated("durable", `${what} was committed and is not in the log`);
  for (const what of undead) journal.violated("durable", `${what} was not committed and is in the log`);
}

function ofField(log: readonly LogEntry[], field: Field): readonly LogEntry[] {
  const types = TYPES_OF[field];
  return types ? log.filter(({ type }) => types.includes(type)) : log;
}
