import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { cursorAtBeginning } from "@muster/events/cursor-at-time.ts";
import { DEFAULT_SIZES, type ReadSizes } from "@muster/events/read-batch.ts";
import { readAfter } from "@muster/events/read-after.ts";
import { chainEvents, type ChainHead, chainOf, type NewBlock, readHeads } from "./chains.ts";
import { type EventRecord, readRecords, recordsOf } from "./event-record.ts";
import { leftAtRestore } from "./left-at-restore.ts";
import type { HeldSealer } from "./sealer-lease.ts";

/** So many events are sealed at once. */
export const SEAL_SIZES: ReadSizes = { ...DEFAULT_SIZES, page: 1_000 };

export interface SealOptions {
  readonly sizes: ReadSizes;
  readonly leaseMs: number;
}

/** What one step has done. */
export interface Sealed {
  readonly count: number;
  /** Where the chains end that have grown. */
  readonly heads: readonly ChainHead[];
  /** There is more at once. */
  readonly more: boolean;
  readonly cursor: string;
}

// The fence: only the holder of this term writes, and only right after what it has read from.
const append = statement<{ held: number }>(`
  with held as (
    update audit_sealer set cursor = $5, lease_until = clock_timestamp() + $3 * interval '1 millisecond'
    where holder = $1 and term = $2::bigint and cursor is not distinct from $4 returning 1
  ), appended as (
    insert into audit_blocks (chain_id, number, first_position, size, event_ids, hashes, previous_hash)
    select b.chain_id, b.number, b.first_position, cardinality(b.event_ids), b.event_ids, decode(b.hashes, 'hex'), decode(b.previous, 'hex')
    from held, jsonb_to_recordset($6::jsonb)
      as b(chain_id uuid, number bigint, first_position bigint, event_ids bigint[], hashes text, previous text)
  )
  select count(*)::int as held from held`);

/**
 * Seals the next page of the feed: reads it, computes the hashes, and appends blocks and cursor with one statement. Null when
 * another process has become the sealer meanwhile; then nothing was written.
 */
export async function sealPage(connection: Connection, held: HeldSealer, options: SealOptions): Promise<Sealed | null> {
  const { sizes, leaseMs } = options;
  const after = held.cursor ?? (await cursorAtBeginning(connection));
  const next = await nextEvents(connection, after, sizes);
  const { records, cursor, more } = next;
  if (records.length === 0 && cursor === held.cursor) return { cursor, more, count: 0, heads: [] };
  const heads = await readHeads(connection, [...new Set(records.map(chainOf))]);
  const blocks = chainEvents(records, heads);
  if (!(await write(connection, held, leaseMs, cursor, blocks))) return null;
  return { cursor, more, count: records.length, heads: blocks.map(({ head }) => head) };
}

interface Next {
  readonly records: readonly EventRecord[];
  readonly cursor: string;
  readonly more: boolean;
}

async function nextEvents(connection: Connection, after: string, sizes: ReadSizes): Promise<Next> {
  const page = await readAfter(connection, after, { sizes, evenIfRemoved: true });
  if (!("reason" in page)) {
    const records = await recordsOf(
      connection,
      page.events.map(({ event }) => event),
    );
    return { records, cursor: page.cursor, more: !page.complete };
  }
  // The log was restored from a dump.
  const { ids, cursor } = await leftAtRestore(connection, after, sizes.page);
  const left = await readRecords(connection, ids);
  const records = ids.flatMap((id) => left.get(id) ?? []);
  return { records, cursor: ids.length > 0 ? after : cursor, more: true };
}

async function write(
  connection: Connection,
  { holder, term, cursor: before }: HeldSealer,
  leaseMs: number,
  cursor: string,
  blocks: readonly NewBlock[],
): Promise<boolean> {
  const rows = blocks.map(({ head, firstPosition, previous, eventIds, hashes }) => ({
    chain_id: head.chainId,
    number: head.number,
    first_position: firstPosition,
    event_ids: eventIds,
    hashes: hashes.toString("hex"),
    previous: previous.toString("hex"),
  }));
  const [row] = await connection.run(append, [holder, term, leaseMs, before, cursor, JSON.stringify(rows)]);
  return row?.held === 1;
}
