/**
 * A Postgres snapshot: which transactions had committed when it was taken. It sees those below `xmax`, but for the `running`
 * ones. Snapshots that one server took are ordered: each sees all that an earlier one sees.
 */
export interface Snapshot {
  readonly xmin: bigint;
  readonly xmax: bigint;
  /** Ascending. */
  readonly running: readonly bigint[];
}

const SHAPE = /^[1-9]\d{0,19}:[1-9]\d{0,19}:(?:[1-9]\d{0,19}(?:,[1-9]\d{0,19})*)?$/;
const MAX_XID = 2n ** 64n - 1n;

/** Reads the text of a `pg_snapshot`. Null for anything that Postgres itself would refuse to read. */
export function parseSnapshot(text: string): Snapshot | null {
  if (!SHAPE.test(text)) return null;
  const [lowest = "", highest = "", list = ""] = text.split(":");
  const [xmin, xmax] = [BigInt(lowest), BigInt(highest)];
  const running = list === "" ? [] : list.split(",").map(BigInt);
  const ascending = running.every((xid, at) => xid < xmax && xid > (running[at - 1] ?? xmin - 1n));
  return xmin <= xmax && xmax <= MAX_XID && ascending ? { xmin, xmax, running } : null;
}

/** The text that Postgres reads as `pg_snapshot`. */
export function formatSnapshot(snapshot: Snapshot): string {
  return `${snapshot.xmin}:${snapshot.xmax}:${snapshot.running.join(",")}`;
}

/** Whether the snapshot sees the transaction, provided that it committed; like `pg_visible_in_snapshot`. */
export function sees(snapshot: Snapshot, xid: bigint): boolean {
  return xid < snapshot.xmin || (xid < snapshot.xmax && !snapshot.running.includes(xid));
}

/** Whether `later` sees all that `earlier` sees. */
export function covers(later: Snapshot, earlier: Snapshot): boolean {
  const unseen = earlier.running.filter((xid) => xid >= later.xmax).length;
  const reachesAsFar = later.xmax + BigInt(unseen) >= earlier.xmax;
  return reachesAsFar && later.running.every((xid) => !sees(earlier, xid));
}
