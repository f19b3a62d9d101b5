import type { Database } from "@muster/database/database.ts";
import { type EndedBucket, readEndedBuckets } from "./ended-buckets.ts";

/** A commit can come this long after the time that it gave a task as its end; statements may take half of it. */
const SETTLED_AFTER_MS = 60_000;
/** Of one project and one length of slices. */
const MOST_KEPT = 1_000;

/**
 * The slices of one project's past, of one length each: those that are over do not change any more, because an end is final, and
 * are read once.
 */
export class SettledBuckets {
  readonly #projectId: string;
  readonly #bucketMs: number;
  /** By their beginning; null when nothing ended in it. */
  readonly #settled = new Map<number, EndedBucket | null>();

  constructor(projectId: string, bucketMs: number) {
    this.#projectId = projectId;
    this.#bucketMs = bucketMs;
  }

  /** The `count` slices from `from` on, which is a multiple of their length. `now`: by the server's clock. */
  async read(database: Database, from: number, count: number, now: number): Promise<readonly (EndedBucket | null)[]> {
    const beginnings = Array.from({ length: count }, (_, number) => from + number * this.#bucketMs);
    const first = beginnings.find((at) => !this.#settled.has(at));
    if (first === undefined) return beginnings.map((at) => this.#settled.get(at) ?? null);
    // Those that are missing are the newest, but for a range that goes further back than one before.
    const missing = beginnings.slice(
      beginnings.indexOf(first),
      1 + beginnings.findLastIndex((at) => !this.#settled.has(at)),
    );
    const read = await readEndedBuckets(database, this.#projectId, {
      from: first,
      bucketMs: this.#bucketMs,
      count: missing.length,
    });
    const fresh = new Map(missing.map((at, number) => [at, read.get(number) ?? null]));
    const answer = beginnings.map((at) => fresh.get(at) ?? this.#settled.get(at) ?? null);
    for (const [at, bucket] of fresh) {
      if (at + this.#bucketMs + SETTLED_AFTER_MS <= now) this.#settled.set(at, bucket);
    }
    for (const oldest of [...this.#settled.keys()].toSorted((one, other) => one - other)) {
      if (this.#settled.size <= MOST_KEPT) break;
      this.#settled.delete(oldest);
    }
    return answer;
  }
}
