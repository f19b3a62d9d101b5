import type { Connection } from "@muster/database/database.ts";
import { rowColumns } from "@muster/database/row-columns.ts";
import { statement } from "@muster/database/statement.ts";
import { contexts } from "@muster/database/tables/contexts.ts";
import type { Caller } from "@muster/domain/actor.ts";
import {
  Conflict,
  InvalidInput,
  NotFound,
  RollbackPending,
  VersionHeld,
  type MusterError,
} from "@muster/domain/errors.ts";
import type { Context } from "./context-queries.ts";
import { contextScopeOf, inContextScope } from "./context-scope.ts";

/** What a writer has to know about a context. */
export interface SeenContext extends Context {
  /** The version that was written with the same idempotency key. */
  readonly priorVersion: number | null;
  /** A held version that has the same data. */
  readonly heldVersion: number | null;
}

const seenContext = statement<SeenContext>(`
  select ${rowColumns(contexts, "c")},
    (select number from context_versions v where v.context_id = c.id and v.idempotency_key = $5) as "priorVersion",
    (select min(number) from context_versions v
     where v.context_id = c.id and v.data_hash = $6 and v.held_since is not null) as "heldVersion"
  from contexts c where c.id = $1 and ${inContextScope("c", 2)}`);

export interface IntendedWrite {
  readonly contextId: string;
  readonly baseVersion: number | null;
  readonly expectedVersion: number | null;
  readonly idempotencyKey: string | null;
  /** null: not known yet. */
  readonly dataHash: string | null;
}

/** Reads what decides about a write. Throws `NotFound` when the caller sees no such context. */
export async function lookAtContext(
  connection: Connection,
  caller: Caller,
  write: IntendedWrite,
): Promise<SeenContext> {
  const values = [write.contextId, ...contextScopeOf(caller), write.idempotencyKey, write.dataHash];
  const [seen] = await connection.run(seenContext, values);
  if (!seen) throw new NotFound("context");
  return seen;
}

/** Why the write is refused, or null when nothing speaks against it. */
export function writeRefusal(seen: SeenContext, write: IntendedWrite): MusterError | null {
  const { baseVersion, expectedVersion } = write;
  if (baseVersion !== null && baseVersion < (seen.rollbackVersion ?? 0))
    return new RollbackPending(seen.rollbackPointer ?? 0);
  if (expectedVersion !== null && expectedVersion !== seen.currentVersion) {
    return new Conflict("context version", String(expectedVersion), String(seen.currentVersion));
  }
  if (baseVersion !== null && baseVersion > seen.currentVersion) {
    return new InvalidInput([
      {
        path: ["baseVersion"],
        message: `There is no such version yet; the newest is ${seen.currentVersion}.`,
      },
    ]);
  }
  return seen.heldVersion === null ? null : new VersionHeld(seen.heldVersion);
}
