import type { Position } from "./position.ts";
import { formatSnapshot, parseSnapshot, type Snapshot } from "./snapshot.ts";

/** What tells the feed of one database from every other: 16 hexadecimal digits. */
export type Installation = string;

/** Where a cursor stands; what else a position holds is only known to the database. */
export type Place = Omit<Position, "floor">;

/** Longer than any that is handed out: room for a few thousand transactions that were running. */
const MAX_LENGTH = 131_072;
const SHAPE = /^([0-9a-f]{16});([\d:,]+)(?:;([\d:,]+);(0|[1-9]\d{0,18}))?$/;
const MAX_ID = 2n ** 63n - 1n;

/** The cursor after everything that `snapshot` sees, and what there is of a page: opaque text from which any replica continues exactly there. */
export function encodeCursor(installation: Installation, snapshot: Snapshot, page: Place["page"] = null): string {
  if (page) return pageCursors(installation, snapshot, page.target)(page.lastId);
  return encode(`${installation};${formatSnapshot(snapshot)}`);
}

/** Encodes the cursors after single events of the batch from `snapshot` to `target`: all but the id is the same. */
export function pageCursors(
  installation: Installation,
  snapshot: Snapshot,
  target: Snapshot,
): (lastId: string) => string {
  const prefix = `${installation};${formatSnapshot(snapshot)};${formatSnapshot(target)};`;
  return (lastId) => encode(prefix + lastId);
}

/** Reads a cursor. Null for whatever is not one. */
export function decodeCursor(cursor: string): { installation: Installation; place: Place } | null {
  if (cursor.length > MAX_LENGTH) return null;
  const text = Buffer.from(cursor, "base64url").toString("latin1");
  const match = encode(text) === cursor ? SHAPE.exec(text) : null;
  const snapshot = match ? parseSnapshot(match[2] ?? "") : null;
  if (!match?.[1] || !snapshot) return null;
  if (match[3] === undefined || match[4] === undefined)
    return { installation: match[1], place: { snapshot, page: null } };
  const target = parseSnapshot(match[3]);
  if (!target || BigInt(match[4]) > MAX_ID) return null;
  return { installation: match[1], place: { snapshot, page: { target, lastId: match[4] } } };
}

function encode(text: string): string {
  return Buffer.from(text, "latin1").toString("base64url");
}
