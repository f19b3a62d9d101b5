import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import type { Context } from "../context-queries.ts";
import { schemaHash } from "../context-schema.ts";
import { contextScopeOf, inContextScope } from "../context-scope.ts";
import { CONTENT, DATA_COLUMNS, type DataRow } from "./version-queries.ts";

/** What a writer has to know about a context. */
export interface SeenContext extends Pick<
  Context,
  "id" | "currentVersion" | "rollbackVersion" | "rollbackPointer" | "schema"
> {
  readonly schemaHash: string | null;
  /** The version that was written with the same idempotency key. */
  readonly priorVersion: number | null;
  /** A held version that has the same data. */
  readonly heldVersion: number | null;
}

/** The same, with its newest version; null before the first. */
interface SeenWithNewest extends SeenContext {
  readonly newest: DataRow | null;
}

export interface IntendedWrite {
  readonly contextId: string;
  readonly idempotencyKey: string | null;
  /** null: not known yet. */
  readonly dataHash: string | null;
}

const SEEN = `
  c.id, c.current_version as "currentVersion", c.rollback_version as "rollbackVersion", c.rollback_pointer as "rollbackPointer",
  c.schema, ${schemaHash("c")} as "schemaHash",
  (select number from context_versions prior where prior.context_id = c.id and prior.idempotency_key = $5) as "priorVersion",
  (select min(number) from context_versions held
   where held.context_id = c.id and held.data_hash = $6 and held.held_since is not null) as "heldVersion"`;
const WHERE = `c.id = $1 and ${inContextScope("c", 2)}`;
const seenContext = statement<SeenContext>(`select ${SEEN} from contexts c where ${WHERE}`);
// No column of the one has the name of one of the other.
const seenWithNewest = statement<SeenContext & (DataRow | { readonly number: null })>(`
  select ${SEEN}, ${DATA_COLUMNS}
  from contexts c
  left join context_versions v on v.context_id = c.id and v.number = c.current_version ${CONTENT}
  where ${WHERE}`);

function valuesOf(caller: Caller, write: IntendedWrite): unknown[] {
  return [write.contextId, ...contextScopeOf(caller), write.idempotencyKey, write.dataHash];
}

/** Reads what decides about a write. Throws `NotFound` when the caller sees no such context. */
export async function lookAtContext(
  connection: Connection,
  caller: Caller,
  write: IntendedWrite,
): Promise<SeenContext> {
  const [seen] = await connection.run(seenContext, valuesOf(caller, write));
  if (!seen) throw new NotFound("context");
  return seen;
}

/** The same, and reads the newest version along. */
export async function lookBeforeWrite(
  connection: Connection,
  caller: Caller,
  write: IntendedWrite,
): Promise<SeenWithNewest> {
  const [seen] = await connection.run(seenWithNewest, valuesOf(caller, write));
  if (!seen) throw new NotFound("context");
  return { ...seen, newest: seen.number === null ? null : seen };
}
