import type { Connection } from "@muster/database/database.ts";
import { encodeCursor, type Installation } from "./cursor.ts";
import { firstIdSince } from "./id-at-time.ts";
import { presentPosition } from "./locate.ts";
import type { Snapshot } from "./snapshot.ts";
import { recordWatermark } from "./watermark.ts";

/** Sees nothing at all. */
const NOTHING: Snapshot = { xmin: 1n, xmax: 1n, running: [] };

/**
 * The cursor right before the first event of `time` or later; the present one when there is none yet. It goes through what is
 * there now in the order of ids, as a subscriber that began before everything and has got as far. Must not run inside a larger
 * transaction.
 */
export async function cursorAtTime(connection: Connection, time: Date): Promise<string> {
  // So that it is known how far back nothing is missing: else retention's bound may seem to have passed the cursor.
  await recordWatermark(connection, 1);
  const { installation, position } = await presentPosition(connection);
  const first = await firstIdSince(connection, time);
  if (first === null) return encodeCursor(installation, position.snapshot);
  return cursorFrom(installation, position.snapshot, String(BigInt(first) - 1n));
}

/** The cursor before everything that there is now, in the order of ids. */
export async function cursorAtBeginning(connection: Connection): Promise<string> {
  const { installation, position } = await presentPosition(connection);
  return cursorFrom(installation, position.snapshot, "0");
}

/** The cursor from which on there come, in the order of ids, what `snapshot` sees after the event `lastId` (null: none of it), and all that it does not see. */
export function cursorFrom(installation: Installation, snapshot: Snapshot, lastId: string | null): string {
  return lastId === null
    ? encodeCursor(installation, snapshot)
    : encodeCursor(installation, NOTHING, { target: snapshot, lastId });
}
