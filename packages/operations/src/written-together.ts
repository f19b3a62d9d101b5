/** What a call needs to be written with others. */
export interface WrittenTogetherOptions<Item, Result> {
  /** One statement for all of them, which are in the order of the calls; gives a result for each, in that order. */
  readonly write: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** How many statements may be under way at once. */
  readonly parallel: number;
  /** Most items in one statement. */
  readonly most: number;
  /** How many bytes an item adds to the statement, roughly. */
  readonly bytesOf?: (item: Item) => number;
  /**
   * While fewer than a dozen wait, so many milliseconds pass from the beginning of one statement to that of the next: calls that come
   * close together share one. Who comes later than that waits for nobody. None without it.
   */
  readonly gatherMs?: number;
  /** Items with the same key never share a statement: the later one waits for the next. Null: it shares with all. */
  readonly keyOf?: (item: Item) => string | null;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** For calls that many make a second and that somebody waits for: with 500 of each kind a second, a third fewer statements. */
export const GATHER_MS = 4;

const MOST_BYTES = 4_194_304;
/** What a statement costs by itself is what a dozen rows cost: so many are worth one of their own, and do not wait for more. */
const A_DOZEN = 12;

/**
 * Calls that come while a statement of their kind is under way are written by the next one together. A call that comes alone
 * is written at once; a thousand that come at once cost a few statements and commits instead of a thousand.
 */
export class WrittenTogether<Item, Result> {
  readonly #options: WrittenTogetherOptions<Item, Result>;
  #waiting: Waiting<Item, Result>[] = [];
  #running = 0;
  /** When the last statement began, by `performance.now()`. */
  #begunAt = -Infinity;
  #planned: { readonly waits: boolean; readonly cancel: () => void } | null = null;

  constructor(options: WrittenTogetherOptions<Item, Result>) {
    this.#options = options;
  }

  /** Resolves with the item's own result, once it is committed. Rejects with what its statement threw. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#plan();
    });
  }

  /** At the end of this turn of the event loop: callers that one answer has woken go together. */
  #plan(): void {
    const { parallel, gatherMs = 0 } = this.#options;
    if (this.#running >= parallel || this.#waiting.length === 0) return;
    const gap = this.#waiting.length >= A_DOZEN ? 0 : this.#begunAt + gatherMs - performance.now();
    const waits = gap > 0;
    if (this.#planned && (waits || !this.#planned.waits)) return;
    this.#planned?.cancel();
    if (waits) {
      const timer = setTimeout(() => this.#begin(), gap);
      this.#planned = { waits, cancel: () => clearTimeout(timer) };
    } else {
      const immediate = setImmediate(() => this.#begin());
      this.#planned = { waits, cancel: () => clearImmediate(immediate) };
    }
  }

  #begin(): void {
    this.#planned = null;
    this.#begunAt = performance.now();
    const batch = this.#take();
    this.#running += 1;
    void this.#write(batch).finally(() => {
      this.#running -= 1;
      this.#plan();
    });
    this.#plan();
  }

  /** A share of what waits for each statement that can begin now: side by side they are done sooner than all in one. */
  #take(): Waiting<Item, Result>[] {
    const { parallel, bytesOf, keyOf } = this.#options;
    const share = Math.ceil(this.#waiting.length / (parallel - this.#running));
    const most = Math.min(this.#options.most, Math.max(A_DOZEN, share));
    const batch: Waiting<Item, Result>[] = [];
    const later: Waiting<Item, Result>[] = [];
    const keys = new Set<string>();
    let bytes = 0;
    for (const waiting of this.#waiting) {
      const key = keyOf?.(waiting.item) ?? null;
      const fits = batch.length === 0 || (batch.length < most && bytes < MOST_BYTES);
      if (fits && (key === null || !keys.has(key))) {
        batch.push(waiting);
        bytes += bytesOf?.(waiting.item) ?? 0;
      } else later.push(waiting);
      if (key !== null) keys.add(key);
    }
    this.#waiting = later;
    return batch;
  }

  async #write(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#options.write(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, place) => resolve(results[place] as Result));
    } catch (error) {
      if (batch.length === 1 || !isOfTheStatement(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      // One of them may be what the database refuses: the others must not suffer for it.
      const half = Math.ceil(batch.length / 2);
      await this.#write(batch.slice(0, half));
      await this.#write(batch.slice(half));
    }
  }
}

/** What a statement answered to each that asked, by the `place` in its row; null where it has none. */
export function inPlaces<Row extends { readonly place: number }>(
  asked: readonly unknown[],
  rows: readonly Row[],
): (Omit<Row, "place"> | null)[] {
  const byPlace = new Map(rows.map(({ place, ...row }): [number, Omit<Row, "place">] => [place, row]));
  return asked.map((_, place) => byPlace.get(place) ?? null);
}

/** Whether the database refused what was asked (SQLSTATE classes of data, constraints, deadlocks, limits), and not: was away. */
function isOfTheStatement(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^(21|22|23|40|54)/.test(String(error.code));
}
