import type { KeyObject } from "node:crypto";
import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { keyObjectOf, verificationKeys } from "../signing-keys.ts";

/** Keys are read again this often, and at once for one that is not known, but no more often than once a second. */
const READ_EVERY_MS = 30_000;
const READ_AGAIN_MS = 1_000;

interface Known {
  readonly readAt: number;
  readonly keys: ReadonlyMap<string, KeyObject>;
  /** How much the database's clock is ahead of ours. */
  readonly clockAheadMs: number;
}

const clock = statement<{ now: Date }>("select clock_timestamp() as now");
const known = new WeakMap<Connection, Promise<Known>>();

/** The key with this id that verifies tokens, null when there is none, and the time by the database's clock. */
export async function tokenKey(database: Connection, kid: string): Promise<{ key: KeyObject | null; now: Date }> {
  let found = await known.get(database)?.catch(() => null);
  const age = found ? performance.now() - found.readAt : Number.POSITIVE_INFINITY;
  if (!found || age > READ_EVERY_MS || (age > READ_AGAIN_MS && !found.keys.has(kid))) found = await read(database);
  return { key: found.keys.get(kid) ?? null, now: new Date(Date.now() + found.clockAheadMs) };
}

function read(database: Connection): Promise<Known> {
  const readAt = performance.now();
  const reading = readKeys(database, readAt);
  known.set(database, reading);
  return reading;
}

async function readKeys(database: Connection, readAt: number): Promise<Known> {
  const [keys, [time]] = await Promise.all([verificationKeys(database, "TOKEN"), database.run(clock, [])]);
  return {
    readAt,
    keys: new Map(keys.map((key) => [key.kid, keyObjectOf(key)])),
    clockAheadMs: (time?.now.getTime() ?? Date.now()) - Date.now(),
  };
}
