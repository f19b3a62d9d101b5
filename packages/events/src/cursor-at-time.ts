import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { encodeCursor } from "./cursor.ts";
import { idBefore } from "./id-at-time.ts";
import { presentPosition } from "./locate.ts";
import type { Snapshot } from "./snapshot.ts";
import { recordWatermark } from "./watermark.ts";

/** Sees nothing at all. */
const NOTHING: Snapshot = { xmin: 1n, xmax: 1n, running: [] };

const firstSince = statement<{ id: string }>(`
  select e.id::text from events e where e.id > $1::bigint and e.at >= $2::timestamptz order by e.id limit 1`);

/**
 * The cursor right before the first event of `time` or later; the present one when there is none yet. It goes through what is
 * there now in the order of ids, as a subscriber that began before everything and has got as far. Must not run inside a larger
 * transaction.
 */
export async function cursorAtTime(connection: Connection, time: Date): Promise<string> {
  // So that it is known how far back nothing is missing: else retention's bound may seem to have passed the cursor.
  await recordWatermark(connection, 1);
  const { installation, position } = await presentPosition(connection);
  const [first] = await connection.run(firstSince, [await idBefore(connection, time), time.toISOString()]);
  if (!first) return encodeCursor(installation, position.snapshot);
  return encodeCursor(installation, NOTHING, { target: position.snapshot, lastId: String(BigInt(first.id) - 1n) });
}
