import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Authenticated } from "./authenticated.ts";

/** Most rows that one statement writes. */
const AT_ONCE = 5_000;

/** When credentials were last used, by `performance.now()`, until it is written. */
const uses = new WeakMap<Connection, Map<string, number>>();

/** Remembers that the key or session was used now; `writeLastUsed` writes it. Takes no time worth mentioning. */
export function noteUse(database: Connection, { credentialId }: Authenticated): void {
  if (credentialId === null) return;
  const noted = uses.get(database) ?? new Map<string, number>();
  uses.set(database, noted);
  noted.set(credentialId, performance.now());
}

/**
 * Both kinds at once: an id is in one of the tables. A row that another server is writing gets the same time from there, or from here
 * when it is used again.
 */
const writeStatement = statement<never>(`
  with used as materialized (select id, clock_timestamp() - make_interval(secs => ago) as at from unnest($1::uuid[], $2::float8[]) u(id, ago)),
  keys as materialized (
    select k.id, u.at from used u join api_keys k on k.id = u.id
    where k.last_used_at is null or k.last_used_at < u.at for no key update of k skip locked),
  of_sessions as materialized (
    select s.id, u.at from used u join sessions s on s.id = u.id
    where s.last_used_at is null or s.last_used_at < u.at for no key update of s skip locked),
  written as (update api_keys k set last_used_at = keys.at from keys where k.id = keys.id)
  update sessions s set last_used_at = of_sessions.at from of_sessions where s.id = of_sessions.id`);

/** Writes what was noted since the last time, thousands in one statement. What could not be written is kept for the next time. */
export async function writeLastUsed(database: Connection): Promise<void> {
  const noted = uses.get(database);
  if (!noted || noted.size === 0) return;
  const taken = [...noted];
  noted.clear();
  for (let start = 0; start < taken.length; start += AT_ONCE) {
    const part = taken.slice(start, start + AT_ONCE);
    const now = performance.now();
    try {
      const ago = part.map(([, at]) => (now - at) / 1_000);
      await database.run(writeStatement, [part.map(([id]) => id), ago]);
    } catch (error) {
      for (const [id, at] of taken.slice(start)) if (!noted.has(id)) noted.set(id, at);
      throw error;
    }
  }
}
