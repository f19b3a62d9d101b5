import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { INSTALLATION_CHAIN } from "@muster/database/tables/audit-blocks.ts";
import { type ChainHead, HEADS, headOf } from "./chains.ts";
import type { CheckpointClaims } from "./checkpoint.ts";
import type { CheckpointSigner } from "./checkpoint-signer.ts";

/** A chain that has grown by so many events gets a checkpoint. */
const EVERY_EVENTS = 10_000;
/** So does one that has grown at all, this long after the last. */
const EVERY = "10 minutes";

/** SQL: every chain that there may be, as `chains(id)`. */
export const ALL_CHAINS = `select id from workspaces union all select '${INSTALLATION_CHAIN}'`;

const overdue = statement<Parameters<typeof headOf>[0]>(`
  with chains as (${ALL_CHAINS}), heads as (${HEADS})
  select h.* from heads h left join audit_checkpoints p on p.chain_id = h."chainId" and p.position = h."checkpoint"::bigint
  where h."position"::bigint > coalesce(h."checkpoint"::bigint, 0)
    and (p.created_at is null or p.created_at < clock_timestamp() - interval '${EVERY}')`);

const insert = statement<never>(`
  insert into audit_checkpoints (chain_id, position, block_number, last_event_id, hash, created_at, signing_key_id, signature, removed_before)
  values ($1, $2, $3, $4::bigint, decode($5, 'hex'), $6, $7, $8, $9::bigint)
  on conflict (chain_id, position) do update set
    (created_at, signing_key_id, signature, removed_before) = (excluded.created_at, excluded.signing_key_id, excluded.signature, excluded.removed_before)
  where excluded.removed_before > coalesce(audit_checkpoints.removed_before, 0)`);

/** Signs checkpoints where these chains end, of those that have grown by many events since their last one. */
export async function signCheckpoints(
  connection: Connection,
  signer: CheckpointSigner,
  heads: readonly ChainHead[],
): Promise<void> {
  for (const head of heads)
    if (head.position - head.checkpoint >= EVERY_EVENTS) await recordCheckpoint(connection, signer, atHead(head));
}

/** Signs checkpoints of all chains that have grown and were not signed for a while. */
export async function signOverdueCheckpoints(connection: Connection, signer: CheckpointSigner): Promise<void> {
  for (const row of await connection.run(overdue, [])) await recordCheckpoint(connection, signer, atHead(headOf(row)));
}

/** Signs and stores one checkpoint. One of the same place stays, unless this one lets retention remove more. */
export async function recordCheckpoint(
  connection: Connection,
  signer: CheckpointSigner,
  place: Omit<CheckpointClaims, "at">,
): Promise<void> {
  const claims: CheckpointClaims = { ...place, at: new Date().toISOString() };
  const { keyId, jws } = await signer.sign(claims);
  await connection.run(insert, [
    claims.chain,
    claims.position,
    claims.block,
    claims.eventId,
    claims.hash,
    claims.at,
    keyId,
    jws,
    claims.removedBefore ?? null,
  ]);
}

function atHead({ chainId, position, number, lastEventId, hash }: ChainHead): Omit<CheckpointClaims, "at"> {
  return { chain: chainId, position, block: number, eventId: lastEventId, hash: hash.toString("hex") };
}
