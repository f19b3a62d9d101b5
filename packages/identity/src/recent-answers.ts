import type { Connection } from "@muster/database/database.ts";
import type { Actor } from "@muster/domain/actor.ts";

/** How long an answer may be used again: credentials that end elsewhere stop working within this time. */
const CACHE_MS = 1_000;
const CACHE_SIZE = 10_000;

interface Answer {
  readonly until: number;
  readonly actor: Promise<Actor | null>;
}

const caches = new WeakMap<Connection, Map<string, Answer>>();

/**
 * Whom the credential with this hash stands for: the answer of the last second, also one that is still being looked up,
 * else what `find` finds.
 */
export function recentAnswer(
  database: Connection,
  hash: string,
  find: () => Promise<Actor | null>,
): Promise<Actor | null> {
  const cache = caches.get(database) ?? new Map<string, Answer>();
  caches.set(database, cache);
  const now = performance.now();
  const cached = cache.get(hash);
  if (cached && cached.until > now) return cached.actor;
  const actor = find();
  // The oldest answers come first: those that are over are at the beginning.
  cache.delete(hash);
  cache.set(hash, { until: now + CACHE_MS, actor });
  for (const [oldest, { until }] of cache) {
    if (until > now && cache.size <= CACHE_SIZE) break;
    cache.delete(oldest);
  }
  // A look-up that failed says nothing about the credential, and one that is unknown may be stored at any moment.
  const forget = () => cache.delete(hash);
  actor.then((found) => found ?? forget(), forget);
  return actor;
}

/** The next question about this credential is looked up again. */
export function forgetAnswer(database: Connection, hash: string): void {
  caches.get(database)?.delete(hash);
}
