import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { hashAt, readRecords } from "./event-record.ts";
import type { ChainEntry } from "./verify/chain-walk.ts";

interface BlockRow {
  readonly number: string;
  readonly firstPosition: string;
  readonly eventIds: string[];
  readonly hashes: Buffer;
  readonly previousHash: Buffer;
}

/** So many blocks are read at once, of at most a page of the feed each. */
const BLOCKS = 10;
/** So many events. */
const EVENTS = 2_000;

const nextBlocks = statement<BlockRow>(`
  select number::text as number, first_position::text as "firstPosition", event_ids::text[] as "eventIds", hashes, previous_hash as "previousHash"
  from audit_blocks b where b.chain_id = $1 and b.number > $2::bigint order by b.number limit ${BLOCKS}`);

/** A chain from its first place that is left to its last, with the events as they are now. */
export async function* readEntries(connection: Connection, chainId: string): AsyncGenerator<ChainEntry> {
  let last = "0";
  while (true) {
    const blocks = await connection.run(nextBlocks, [chainId, last]);
    if (blocks.length === 0) return;
    const places = blocks.flatMap(placesOf);
    for (let from = 0; from < places.length; from += EVENTS) {
      const part = places.slice(from, from + EVENTS);
      const records = await readRecords(
        connection,
        part.map(({ eventId }) => eventId),
      );
      for (const place of part) yield { ...place, record: records.get(place.eventId) ?? null };
    }
    last = blocks.at(-1)?.number ?? last;
  }
}

function placesOf({ firstPosition, eventIds, hashes, previousHash }: BlockRow): Omit<ChainEntry, "record">[] {
  return eventIds.map((eventId, place) => ({
    position: Number(firstPosition) + place,
    eventId,
    previous: place === 0 ? previousHash : hashAt(hashes, place - 1),
    hash: hashAt(hashes, place),
  }));
}
