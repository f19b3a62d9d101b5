import type { Caller } from "@muster/domain/actor.ts";
import { retainedFromId } from "@muster/events/retention-bound.ts";
import { sql } from "drizzle-orm";
import type { Runtime } from "../../runtime.ts";
import { withinContextScope } from "../context-scope.ts";
import type { Turns } from "./turns.ts";
import type { Findings } from "./verification-findings.ts";

interface Row {
  readonly id: string;
  /** The number that it was written with. */
  readonly number: number;
  readonly payload: { readonly [name: string]: unknown };
  /** Retention keeps all events from here on. Decimal. */
  readonly retainedFrom: string;
  /** Of the version; null when there is none. */
  readonly hash: string | null;
  readonly dataHash: string | null;
  readonly parent: number | null;
  readonly rolledBackTo: number | null;
  readonly message: string | null;
  readonly sizeBytes: number | null;
}

interface Place {
  readonly contextId: string;
  readonly projectId: string;
  readonly currentVersion: number;
}

/** What a version and its event both say. */
const SAID_TWICE = ["hash", "dataHash", "parent", "rolledBackTo", "message", "sizeBytes"] as const;

/**
 * Compares each version with the event that says that it was written, as far as retention has left these: it removes the oldest, and
 * never that of the newest version. Gives how many there are.
 */
export async function verifyEvents(
  runtime: Runtime,
  caller: Caller,
  { contextId, projectId, currentVersion }: Place,
  findings: Findings,
  turns: Turns,
): Promise<number> {
  const untold = (from: number, to: number) =>
    findings.addRange(
      from,
      to,
      "EVENT",
      (number) => `The event that says that version ${number} was written is gone from the log.`,
    );
  let compared = 0;
  let previous: number | null = null;
  for (let after = "0"; ;) {
    const rows = await nextEvents(runtime, caller, contextId, projectId, after);
    for (const event of rows) {
      // Of a context's older events the newest is kept, so those from the first that is left on are there.
      const expected =
        previous === null ? (BigInt(event.id) < BigInt(event.retainedFrom) ? event.number : 1) : previous + 1;
      untold(expected, event.number - 1);
      const problem = problemOf(event);
      if (event.hash === null)
        findings.add(
          event.number,
          "MISSING",
          `An event says that version ${event.number} was written, and there is none.`,
        );
      else if (event.number < expected)
        findings.add(event.number, "EVENT", `A second event says that version ${event.number} was written.`);
      else if (problem) findings.add(event.number, "EVENT", problem);
      previous = Math.max(event.number, previous ?? 0);
      await turns.next();
    }
    compared += rows.length;
    const last = rows.at(-1);
    if (!last) break;
    after = last.id;
  }
  // A version comes with its event: those that were there before are told by now.
  untold(previous === null ? Math.max(currentVersion, 1) : previous + 1, currentVersion);
  return compared;
}

function problemOf({ payload, ...event }: Row): string | null {
  const differing = SAID_TWICE.filter((name) => payload[name] !== undefined && payload[name] !== event[name]);
  if (payload.number !== event.number) differing.unshift("number" as never);
  if (payload.hash === undefined) differing.unshift("hash");
  if (differing.length === 0) return null;
  return `The event that says that version ${event.number} was written says another ${differing.join(", ")} than its record: one of the two was changed in the database.`;
}

function nextEvents(
  { database }: Runtime,
  caller: Caller,
  contextId: string,
  projectId: string,
  after: string,
): Promise<Row[]> {
  return database.query<Row>(sql`
    select e.id::text as id, e.subject_version as number, coalesce(nullif(e.payload, 'null'), '{}') as payload, (${retainedFromId({ projectId })})::text as "retainedFrom",
      v.hash, v.data_hash as "dataHash", v.parent, v.rolled_back_to as "rolledBackTo", v.message, v.size_bytes as "sizeBytes"
    from contexts c
    join events e on e.context_id = c.id and e.type = 'context.version_written' and e.id > ${after}::bigint
    left join context_versions v on v.context_id = c.id and v.number = e.subject_version
    where c.id = ${contextId} and ${withinContextScope(caller, "c")}
    order by e.id limit 500`);
}
