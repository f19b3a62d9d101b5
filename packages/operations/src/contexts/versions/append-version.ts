import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { appendEvents } from "@muster/events/append.ts";
import { appendBundle } from "../../agent-bundles/append-bundle.ts";
import { hasNoStorageQuota } from "../../quotas/storage-quota.ts";
import { contextEvent, contextEventValues } from "../context-event.ts";
import { schemaHash } from "../context-schema.ts";
import { contextScopeOf, inContextScope } from "../context-scope.ts";
import type { PreparedData } from "./data-hash.ts";
import type { Content } from "./version-contents.ts";
import { exactTime, versionHash } from "./version-hash.ts";
import { type ContextVersion, versionColumns } from "./version-row.ts";

export interface NewVersion {
  readonly contextId: string;
  readonly data: Pick<PreparedData, "hash" | "sizeBytes">;
  /** How the data is stored; null: the context has it already, and its row is held. */
  readonly content: Content | null;
  readonly message: string | null;
  /** The newest version has to be this one. */
  readonly expectedVersion: number | null;
  /** What the writer had read: not older than the last rollback. */
  readonly baseVersion: number | null;
  /** Only of a rollback, which may repeat data that is held. */
  readonly rolledBackTo: number | null;
  readonly idempotencyKey: string | null;
  /** The version that the writer had read, when the write was merged with what others had written since. */
  readonly mergedFrom: number | null;
  readonly reason: string | null;
  /** The schema that the data was checked against (`schemaHash`), so that the context has no other; a rollback repeats data unchecked. */
  readonly schemaHash?: string | null;
  /** The bundle that a rollback of the whole agent goes back to. */
  readonly toBundle?: number | null;
  /** Written also where the workspace limits what is stored: the transaction then takes the room for it (`takeStorage`). */
  readonly takesRoom?: boolean;
}

const HASH = versionHash([
  "parent_hash",
  "number::text",
  "$13::text",
  "$14::uuid::text",
  "$15::text",
  "$10::text",
  exactTime("at"),
  "$9::text",
]);
const PAYLOAD =
  "jsonb_build_object('number', current_version, 'parent', parent, 'rolledBackTo', $11::int, 'hash', hash, 'dataHash', $9::text, " +
  "'message', $10::text, 'sizeBytes', $8::int)";

const insertVersion = statement<ContextVersion>(`
  with locked as materialized (
    select c.*, c.ctid as place from contexts c
    where c.id = $1 and ${inContextScope("c", 2)}
      and ($5::int is null or c.current_version = $5)
      and ($6::int is null or $6 between coalesce(c.rollback_version, 0) and c.current_version)
      and ($11::int is not null or ${schemaHash("c")} is not distinct from $23::text)
    for no key update
  ), placed as materialized (
    select c.*, c.current_version + 1 as number, parent.number as parent, parent.hash as parent_hash,
           greatest(clock_timestamp(), parent.created_at, c.created_at) as at
    from locked c left join context_versions parent on parent.context_id = c.id and parent.number = c.current_version
    -- Who waited for another does not see what that one wrote, and would deadlock with those who wait behind, were it to change a row
    -- that it does not see: it gives up here, and tries again.
    where exists (select from contexts seen where seen.id = $1 and seen.ctid = c.place)
      and ($11::int is not null or not exists (
        select from context_versions held where held.context_id = $1 and held.data_hash = $9 and held.held_since is not null))
      and ($12::text is null or not exists (
        select from context_versions prior where prior.context_id = $1 and prior.idempotency_key = $12))
      and ($24::boolean or $7::text is null or ${hasNoStorageQuota("c.workspace_id")})
      -- What the data is to be stored as a patch of may have gone, and even come again, further from its snapshot.
      and ($18::text is null or exists (
        select from context_contents base
        where base.context_id = $1 and base.data_hash = $18 and base.depth < $19 and base.chain_bytes <= $20))
  ), hashed as materialized (select *, ${HASH} as hash from placed
  ), moved as (
    update contexts c set current_version = h.number from hashed h where c.id = h.id
    returning c.*, h.parent, h.hash, h.parent_hash, h.at
  ), written as (
    insert into context_versions (context_id, number, parent, rolled_back_to, message, author, size_bytes, data_hash, hash,
                                  idempotency_key, merged_from, created_at)
    select id, current_version, parent, $11::int, $10::text,
           jsonb_build_object('kind', $13::text, 'id', $14::uuid, 'name', $15::text), $8::int, $9::text, hash, $12::text, $21::int, at
    from moved
    returning *
  ), stored as (
    insert into context_contents (context_id, data_hash, base_hash, depth, chain_bytes, body)
    select id, $9::text, $18::text, $19::int, $20::int, $7::text from moved where $7 is not null
    on conflict (context_id, data_hash) do nothing
  ), loaded as (
    -- Who has merged has not seen what others wrote.
    update context_readers r set version = m.current_version, at = m.at from moved m
    where r.context_id = m.id and $13 = 'AGENT' and r.agent_id = $14 and r.version < m.current_version and $21::int is null
  ), ${appendBundle({
    source: "moved",
    agent: "s.agent_id",
    change: { context_id: "s.id", context_version: "s.current_version" },
    author: ["$13", "$14", "$15"],
    rolledBackTo: "$22",
    reason: "$16",
  })}, happened as (select ${contextEvent("context.version_written", PAYLOAD, 13)} from moved
  ), appended as (${appendEvents("happened")})
  select ${versionColumns("w", "m.parent_hash")} from written w cross join moved m`);

/**
 * Appends a version with its event, in one statement that holds all guards. Null when one of them does not hold, or when
 * another writer was just ahead: `lookAtContext` tells which.
 */
export async function appendVersion(
  connection: Connection,
  caller: Caller,
  version: NewVersion,
): Promise<ContextVersion | null> {
  const { data, content } = version;
  const [written] = await connection.run(insertVersion, [
    version.contextId,
    ...contextScopeOf(caller),
    version.expectedVersion,
    version.baseVersion,
    content?.body ?? null,
    data.sizeBytes,
    data.hash,
    version.message,
    version.rolledBackTo,
    version.idempotencyKey,
    ...contextEventValues(caller, version.reason),
    content?.baseHash ?? null,
    content?.depth ?? null,
    content?.chainBytes ?? null,
    version.mergedFrom,
    version.toBundle ?? null,
    version.schemaHash ?? null,
    version.takesRoom ?? false,
  ]);
  return written ?? null;
}
