import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { INSTALLATION_CHAIN } from "@muster/database/tables/audit-blocks.ts";
import { canonicalText, chainHash, type EventRecord, NO_HASH } from "./event-record.ts";

/** The chain that an event belongs to: its workspace's, or the installation's. */
export function chainOf({ workspaceId }: Pick<EventRecord, "workspaceId">): string {
  return workspaceId ?? INSTALLATION_CHAIN;
}

/** Where a chain ends. */
export interface ChainHead {
  readonly chainId: string;
  /** Of its last block; 0 for an empty chain. */
  readonly number: number;
  /** Of its last event. */
  readonly position: number;
  readonly hash: Buffer;
  readonly lastEventId: string;
  /** The position that its last checkpoint covers. */
  readonly checkpoint: number;
}

interface HeadRow {
  readonly chainId: string;
  readonly number: string | null;
  readonly position: string | null;
  readonly hash: Buffer | null;
  readonly lastEventId: string | null;
  readonly checkpoint: string | null;
}

/** SQL: the heads of the chains in `chains(id)`. */
export const HEADS = `
  select c.id as "chainId", b.number::text as "number", (b.first_position + b.size - 1)::text as "position",
    substr(b.hashes, 32 * b.size - 31, 32) as "hash", b.event_ids[b.size]::text as "lastEventId", p.position::text as "checkpoint"
  from chains c
    left join lateral (select * from audit_blocks where chain_id = c.id order by number desc limit 1) b on true
    left join lateral (select position from audit_checkpoints where chain_id = c.id order by position desc limit 1) p on true`;

const headsOf = statement<HeadRow>(`with chains as (select id from unnest($1::uuid[]) id) ${HEADS}`);

/** The heads of these chains, by their ids. */
export async function readHeads(
  connection: Connection,
  chainIds: readonly string[],
): Promise<ReadonlyMap<string, ChainHead>> {
  const rows = await connection.run(headsOf, [chainIds]);
  return new Map(rows.map((row) => [row.chainId, headOf(row)]));
}

/** A chain's head from a row of `HEADS`. */
export function headOf({ chainId, number, position, hash, lastEventId, checkpoint }: HeadRow): ChainHead {
  return {
    chainId,
    number: Number(number ?? 0),
    position: Number(position ?? 0),
    hash: hash ?? NO_HASH,
    lastEventId: lastEventId ?? "0",
    checkpoint: Number(checkpoint ?? 0),
  };
}

/** A row of `audit_blocks` to be. */
export interface NewBlock {
  readonly head: ChainHead;
  readonly firstPosition: number;
  readonly previous: Buffer;
  readonly eventIds: readonly string[];
  readonly hashes: Buffer;
}

/** Appends events, in their order, to the chains that end at `heads`: one block for each chain. */
export function chainEvents(records: readonly EventRecord[], heads: ReadonlyMap<string, ChainHead>): NewBlock[] {
  return [...Map.groupBy(records, chainOf)].map(([chainId, ofChain]) => {
    const before = heads.get(chainId);
    if (!before) throw new Error(`The end of the chain ${chainId} was not read.`);
    const hashes: Buffer[] = [];
    let hash = before.hash;
    for (const record of ofChain) hashes.push((hash = chainHash(hash, canonicalText(record))));
    const eventIds = ofChain.map(({ id }) => id);
    return {
      head: {
        ...before,
        number: before.number + 1,
        position: before.position + ofChain.length,
        hash,
        lastEventId: eventIds.at(-1) ?? before.lastEventId,
      },
      firstPosition: before.position + 1,
      previous: before.hash,
      eventIds,
      hashes: Buffer.concat(hashes),
    };
  });
}
