import type { Connection } from "@muster/database/database.ts";
import type { Authenticated, Freshness } from "./authenticated.ts";

/** Answers are kept for so long while the feed tells of every credential that ends. */
const WATCHED_MS = 30_000;
/** And for so long when nothing is known of what ended since. */
const ALONE_MS = 1_000;
/** The feed looks every second at least: a look that began longer ago means that it cannot be relied on. */
const CONFIRMED_WITHIN_MS = 1_500;
const CACHE_SIZE = 50_000;

interface Answer {
  readonly askedAt: number;
  readonly authenticated: Promise<Authenticated | null>;
  /** Null while it is looked up. */
  found: Authenticated | null;
}

/** What one database answered about credentials, by their hashes. */
class RecentAnswers {
  readonly #answers = new Map<string, Answer>();
  /** The hashes of those whose answers hang on an id. */
  readonly #byId = new Map<string, Set<string>>();
  readonly #pending = new Set<string>();
  /** When the feed last began a look that left nothing unsaid; null without a feed. */
  confirmedAt: (() => number) | null = null;

  recent(hash: string, now: number): Promise<Authenticated | null> | null {
    const answer = this.#answers.get(hash);
    return answer && this.#holds(answer, now) ? answer.authenticated : null;
  }

  keep(hash: string, now: number, authenticated: Promise<Authenticated | null>): void {
    this.#delete(hash);
    const answer: Answer = { askedAt: now, authenticated, found: null };
    this.#answers.set(hash, answer);
    this.#pending.add(hash);
    // The oldest come first: those that are over are at the beginning.
    for (const [oldest, { askedAt }] of this.#answers) {
      if (askedAt + WATCHED_MS > now && this.#answers.size <= CACHE_SIZE) break;
      this.#delete(oldest);
    }
    const settle = (found: Authenticated | null) => {
      if (this.#answers.get(hash) !== answer) return;
      this.#pending.delete(hash);
      // A look-up that failed says nothing about the credential, and one that is unknown may be stored at any moment.
      if (found === null) return this.#delete(hash);
      answer.found = found;
      for (const id of found.standing.ids) this.#hashesOf(id).add(hash);
    };
    authenticated.then(settle, () => settle(null));
  }

  forget(ids: readonly string[] | null): void {
    // What is being looked up may have been read before the change.
    for (const hash of ids === null ? [...this.#answers.keys()] : [...this.#pending]) this.#delete(hash);
    for (const id of ids ?? []) for (const hash of this.#byId.get(id) ?? []) this.#delete(hash);
  }

  #holds({ askedAt, found }: Answer, now: number): boolean {
    const expiresAt = found?.standing.expiresAt ?? null;
    if (expiresAt !== null && expiresAt.getTime() <= Date.now()) return false;
    if (now < askedAt + ALONE_MS) return true;
    if (this.confirmedAt === null || found?.brief) return false;
    return now < askedAt + WATCHED_MS && now < this.confirmedAt() + CONFIRMED_WITHIN_MS;
  }

  #hashesOf(id: string): Set<string> {
    const present = this.#byId.get(id) ?? new Set();
    this.#byId.set(id, present);
    return present;
  }

  #delete(hash: string): void {
    const answer = this.#answers.get(hash);
    this.#answers.delete(hash);
    this.#pending.delete(hash);
    for (const id of answer?.found?.standing.ids ?? []) {
      const hashes = this.#byId.get(id);
      hashes?.delete(hash);
      if (hashes?.size === 0) this.#byId.delete(id);
    }
  }
}

const caches = new WeakMap<Connection, RecentAnswers>();

function answersOf(database: Connection): RecentAnswers {
  const answers = caches.get(database) ?? new RecentAnswers();
  caches.set(database, answers);
  return answers;
}

/**
 * Whom the credential with this hash stands for: what `find` found a short while ago, also when it is still looking, else what it
 * finds now. An answer is used for 30 seconds, as long as the feed is known to be up to date (`relyOnFeed`) and has told of nothing that
 * concerns it (`forgetCredentials`); else for a second; and never beyond the credential's own end.
 */
export function recentAnswer(
  database: Connection,
  hash: string,
  freshness: Freshness,
  find: () => Promise<Authenticated | null>,
): Promise<Authenticated | null> {
  const answers = answersOf(database);
  const now = performance.now();
  const recent = freshness === "FRESH" ? null : answers.recent(hash, now);
  if (recent) return recent;
  const authenticated = find();
  answers.keep(hash, now, authenticated);
  return authenticated;
}

/** The next question about what hangs on one of these keys, sessions, people or agents (UUIDs; null: on anything) is looked up again. */
export function forgetCredentials(database: Connection, ids: readonly string[] | null): void {
  caches.get(database)?.forget(ids);
}

/** From now on answers may be kept while `confirmedAt` (by `performance.now()`) says that the feed has told of everything until just now. */
export function relyOnFeed(database: Connection, confirmedAt: () => number): void {
  answersOf(database).confirmedAt = confirmedAt;
}
