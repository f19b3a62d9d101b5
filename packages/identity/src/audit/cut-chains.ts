import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { CheckpointSigner } from "./checkpoint-signer.ts";
import { ALL_CHAINS, recordCheckpoint } from "./record-checkpoints.ts";

interface Cut {
  readonly chain: string;
  readonly position: string;
  readonly block: string;
  readonly eventId: string;
  readonly hash: string;
  readonly late: string[];
}

/** Events that were committed late stand in one of so many blocks after those with neighbouring ids. */
const LATE_BLOCKS = 2_000;

// Up to the first event that stays, else up to the chain's end.
const cutsAt = statement<Cut>(`
  with chains as (select id from (${ALL_CHAINS}) every where $2::uuid[] is null or id = any($2))
  select c.id as chain, (at.first_position + at.place - 1)::text as position, at.number::text as block,
    coalesce(at.event_ids[at.place], (select before.event_ids[before.size] from audit_blocks before
      where before.chain_id = c.id and before.number = at.number - 1), 0)::text as "eventId",
    encode(case when at.place = 0 then at.previous_hash else substr(at.hashes, 32 * at.place - 31, 32) end, 'hex') as hash,
    array(select (b.first_position + e.place - 1)::text
      from audit_blocks b, unnest(b.event_ids) with ordinality e(id, place)
      where b.chain_id = c.id and b.number between at.number and at.number + ${LATE_BLOCKS} and e.id < $1::bigint
        and b.first_position + e.place > at.first_position + at.place) as late
  from chains c, lateral (
    select * from (
      (select b.*, (select min(e.place) - 1 from unnest(b.event_ids) with ordinality e(id, place) where e.id >= $1::bigint)::int as place
        from audit_blocks b where b.chain_id = c.id and exists (select from unnest(b.event_ids) id where id >= $1::bigint)
        order by b.number limit 1)
      union all
      (select b.*, b.size as place from audit_blocks b where b.chain_id = c.id order by b.number desc limit 1)
    ) found order by number, place limit 1) at`);

/** What retention is about to remove: of these workspaces (null: of all, and of what belongs to none) the events below an id. */
export interface ChainCut {
  readonly workspaceIds: readonly string[] | null;
  readonly before: bigint;
}

/**
 * Signs, for each chain, that retention may remove events with lower ids than `before`, at the place where the chain goes on: the
 * only thing that tells a removal by right from any other.
 */
export async function cutChains(
  connection: Connection,
  signer: CheckpointSigner,
  { workspaceIds, before }: ChainCut,
): Promise<void> {
  for (const cut of await connection.run(cutsAt, [String(before), workspaceIds])) {
    const { position, block, late, ...place } = cut;
    await recordCheckpoint(connection, signer, {
      ...place,
      position: Number(position),
      block: Number(block),
      removedBefore: String(before),
      removedLate: late.map(Number),
    });
  }
}

const BATCH = 500;

// The last block stays: the next one goes on from it. So do those of events that retention keeps.
const removeOld = statement<{ number: string }>(`
  with cut as (
    select position from audit_checkpoints where chain_id = $1 and removed_before is not null order by position desc limit 1
  ), seen as materialized (
    select b.number, b.event_ids from audit_blocks b, cut
    where b.chain_id = $1 and b.number > $2::bigint and b.first_position + b.size - 1 <= cut.position
      and b.number < (select number from audit_blocks where chain_id = $1 order by number desc limit 1)
    order by b.number limit ${BATCH}
  ), removed as (
    delete from audit_blocks b using seen
    where b.chain_id = $1 and b.number = seen.number and not exists (select from events e where e.id = any(seen.event_ids))
  ), superseded as (
    delete from audit_checkpoints p using cut where p.chain_id = $1 and p.position < cut.position
  )
  select max(number)::text as number from seen having count(*) = ${BATCH}`);

const cutChainIds = statement<{ id: string }>(
  "select distinct chain_id as id from audit_checkpoints where removed_before is not null",
);

/** Removes the blocks before the cuts of all chains whose events are gone, and the checkpoints before those of the cuts. */
export async function removeOldBlocks(connection: Connection): Promise<void> {
  for (const { id } of await connection.run(cutChainIds, [])) {
    let last: string | undefined = "0";
    while (last !== undefined) {
      const [batch] = (await connection.run(removeOld, [id, last])) as { number: string }[];
      last = batch?.number;
    }
  }
}
