import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { sql } from "drizzle-orm";
import { firstIdSince } from "./id-at-time.ts";
import type { RetentionSession } from "./retention-session.ts";
import { firstUnsealedId } from "./sealed-position.ts";
import { recordExactWatermark, recordWatermark, watermarkOf } from "./watermark.ts";

/** What a policy no longer covers, and the audit chains do. */
export interface Horizon {
  /** Every event with a lower id is older than `since`. */
  readonly id: bigint;
  readonly since: Date;
}

/** Tails look every second; one that takes longer than this over it has an outage. */
const LOOK_MS = 2_000;

const daysAgo = statement<{ at: Date }>("select clock_timestamp() - $1::int * interval '1 day' as at");

/**
 * How far a policy of so many days lets go, but not beyond what is sealed. Null when that is nothing, and while a transaction is open
 * that could have events so old: they would come with low ids, and whoever reads at the present has not seen them.
 */
export async function horizonOf(connection: Connection, days: number): Promise<Horizon | null> {
  const [row] = await connection.run(daysAgo, [days]);
  if (!row) throw new Error("Postgres gave no time.");
  const first = await firstIdSince(connection, row.at);
  const old = first === null ? null : BigInt(first) - 1n;
  let ended = await endedUpTo(connection);
  if (old === null || old > ended) {
    await recordWatermark(connection, 1);
    ended = await endedUpTo(connection);
  }
  if (old !== null && old > ended) return null;
  const id = (old ?? ended) + 1n;
  const unsealed = await firstUnsealedId(connection);
  const bound = unsealed !== null && unsealed < id ? unsealed : id;
  return bound > 0n ? { id: bound, since: row.at } : null;
}

/** Of events with ids up to this one every transaction has ended. */
async function endedUpTo(connection: Connection): Promise<bigint> {
  const [row] = await connection.query<{ id: string }>(
    sql`select ${watermarkOf(sql`pg_snapshot_xmin(pg_current_snapshot())`)} as id`,
  );
  return BigInt(row?.id ?? 0);
}

/**
 * To be done right before a bound rises to `id`. From then on a cursor has expired when it may not have seen all events below,
 * and only then, however long ago the last watermark was. Waits until whoever reads at the present has looked again: a
 * transaction that `horizonOf` found ended was still running in their positions from before.
 */
export async function prepareBound(session: RetentionSession, id: bigint): Promise<void> {
  await recordExactWatermark(session, id);
  await sleep(LOOK_MS, undefined, { signal: session.signal });
}
