import type { Caller } from "@muster/domain/actor.ts";
import { statement } from "@muster/database/statement.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { authorize } from "../../authorize.ts";
import type { Runtime } from "../../runtime.ts";
import { contextScopeOf, inContextScope } from "../context-scope.ts";
import { takeTurns } from "./turns.ts";
import { type BadVersion, Findings } from "./verification-findings.ts";
import { verifyEvents } from "./verify-events.ts";
import { verifyVersions } from "./verify-versions.ts";

/** What came of looking at all that is stored of a context. */
export interface ContextVerification {
  readonly contextId: string;
  /** Nothing is bad. */
  readonly ok: boolean;
  /** How many versions there are. */
  readonly versions: number;
  /** Of these: their data is there, and what was written. */
  readonly readable: number;
  /** Of these: retention has removed their data, and their records hold. */
  readonly pruned: number;
  /** How many events say that a version was written, and were compared with it. */
  readonly eventsCompared: number;
  /** The lowest of what is bad. */
  readonly firstBad: BadVersion | null;
  /** Up to 100 of what is bad, by number. */
  readonly badVersions: readonly BadVersion[];
}

interface Extent {
  readonly projectId: string;
  readonly currentVersion: number;
  readonly newest: number;
}

const extentOf = statement<Extent>(`
  select c.project_id as "projectId", c.current_version as "currentVersion",
    coalesce((select max(v.number) from context_versions v where v.context_id = c.id), 0) as newest
  from contexts c where c.id = $1 and ${inContextScope("c", 2)}`);

/**
 * Looks at every version of a context, also those whose data is gone: whether its record has the hash that the chain gives it, none
 * is missing, and its data has its hash. Then compares each with the event that was written along with it, where retention left
 * that: who changes a version and all hashes after it would have to change the events, too. What is appended meanwhile is not bad.
 *
 * A long walk, in small batches that let others have their turn. Throws `NotFound`, and stops with `signal`'s reason when it aborts.
 */
export async function verifyContext(
  runtime: Runtime,
  caller: Caller,
  contextId: string,
  signal?: AbortSignal,
): Promise<ContextVerification> {
  caller = authorize(caller, "context.read");
  const [extent] = await runtime.database.run(extentOf, [contextId, ...contextScopeOf(caller)]);
  if (!extent) throw new NotFound("context");
  const { projectId, currentVersion, newest } = extent;
  const turns = takeTurns(signal);
  const findings = new Findings();
  if (newest > currentVersion) {
    findings.add(
      currentVersion + 1,
      "NEWEST",
      `Version ${currentVersion + 1} is newer than version ${currentVersion}, which the context says is its newest.`,
    );
  }
  const counts = await verifyVersions(runtime, caller, contextId, Math.max(currentVersion, newest), findings, turns);
  const eventsCompared = await verifyEvents(runtime, caller, { contextId, projectId, currentVersion }, findings, turns);
  const badVersions = findings.inOrder();
  return {
    contextId,
    ok: badVersions.length === 0,
    ...counts,
    eventsCompared,
    firstBad: badVersions[0] ?? null,
    badVersions,
  };
}
