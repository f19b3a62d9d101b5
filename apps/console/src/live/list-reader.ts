import { type Chain, type ListPage, nextChain, placePages, sameRows, type Sight } from "#live/list-pages.ts";

/** Which rows: so many after a cursor. */
export type PageRequest = Pick<ListPage<unknown>, "after" | "size">;

/** What was answered. */
export type PageAnswer<Row> = Pick<ListPage<Row>, "rows" | "end" | "more">;

/** Where pages come from. */
export interface PageSource<Row> {
  /** Asks the API; goes on asking until there is an answer. Null once the signal is aborted. */
  readonly read: (request: PageRequest, signal: AbortSignal) => Promise<PageAnswer<Row> | null>;
  /** Tells the rows of a page that was read whenever something about them changes, until the answered function is called. */
  readonly watch: (request: PageRequest, onRows: (rows: readonly Row[]) => void) => () => void;
}

/** What is loaded of a list, from its first row on. */
export interface LoadedRows<Row> {
  readonly rows: readonly Row[];
  /** Whether more follow. */
  readonly more: boolean;
}

/** Rows of a page. */
export const PAGE = 100;
/** What is far away is read in larger steps. */
const FAR_PAGE = 200;
/** So many rows beyond what is in sight are loaded. */
const REACH = 60;
/** So long after the pointer moved over the rows none of them comes, goes or moves. */
const HOLD_MS = 1_000;

/**
 * Reads a long list page by page as it is wanted, and reads anew what is in sight when rows may have come or gone. Its first
 * page is given to it: the page's own query brings it.
 */
export class ListReader<Row extends { readonly id: string }> {
  /** What is loaded before anything is. */
  readonly nothing: LoadedRows<Row> = { rows: [], more: false };
  readonly #source: PageSource<Row>;
  readonly #listeners = new Set<() => void>();
  #stop = new AbortController();
  #pages: readonly ListPage<Row>[] = [];
  #loaded = this.nothing;
  #head: ListPage<Row> | null = null;
  #sight: Sight = { first: 0, last: 0 };
  #reading = 0;
  #busy = false;
  #heldUntil = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #watched = new Map<string, () => void>();

  constructor(source: PageSource<Row>) {
    this.#source = source;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly loaded = (): LoadedRows<Row> => this.#loaded;

  /** Begins, or begins again after `stop`. */
  start(): void {
    this.#stop = new AbortController();
    this.#busy = false;
    this.#advance();
  }

  stop(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const unwatch of this.#watched.values()) unwatch();
    this.#watched.clear();
  }

  /** The first page as it is now; `outdated` when rows of any page may have come, gone or moved. */
  update(page: PageAnswer<Row>, outdated: boolean): void {
    const [first, ...rest] = this.#pages;
    if (outdated) this.#reading += 1;
    this.#head = { ...page, after: null, size: PAGE, reading: this.#reading };
    if (!first) this.#place([this.#head]);
    else if (sameRows(first.rows, page.rows) && first.end === page.end) this.#place([this.#head, ...rest]);
    // Other rows: they take their place together with those that follow. Until then the page counts as outdated.
    else this.#pages = [{ ...first, reading: -1 }, ...rest];
    this.#advance();
  }

  /** Says which rows are seen. */
  readonly show = (sight: Sight): void => {
    if (sight.first === this.#sight.first && sight.last === this.#sight.last) return;
    this.#sight = sight;
    this.#advance();
  };

  /** Somebody points at a row: for a moment none may move away beneath the pointer. */
  readonly hold = (): void => {
    this.#heldUntil = performance.now() + HOLD_MS;
  };

  #advance(): void {
    if (this.#busy || this.#stop.signal.aborted) return;
    this.#watch();
    const heldFor = this.#heldUntil - performance.now();
    const chain = nextChain(this.#pages, this.#sight, heldFor > 0 ? -Infinity : this.#reading, REACH);
    if (heldFor > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#advance();
      }, heldFor);
    }
    if (!chain) return;
    const head = chain.from === 0 && chain.to === 0 ? this.#head : null;
    if (head) this.#commit(chain, [head]);
    else void this.#read(chain, this.#stop.signal);
  }

  async #read(chain: Chain, signal: AbortSignal): Promise<void> {
    this.#busy = true;
    const reading = this.#reading;
    const fresh: ListPage<Row>[] = [];
    let after = (this.#pages[chain.from]?.after ?? this.#pages[chain.from - 1]?.end) || null;
    const size = this.#sight.last - this.#loaded.rows.length > REACH ? FAR_PAGE : PAGE;
    for (let index = chain.from; index <= chain.to; index += 1) {
      const head = index === 0 ? this.#head : null;
      const page = head ?? (await this.#source.read({ after, size }, signal));
      if (page === null || signal.aborted) return;
      const end = page.end ?? after;
      fresh.push({ size, reading, ...page, after, end });
      if (!page.more) break;
      after = end;
    }
    this.#busy = false;
    this.#commit(chain, fresh);
  }

  #commit(chain: Chain, fresh: readonly ListPage<Row>[]): void {
    this.#place(placePages(this.#pages, chain, fresh));
    this.#advance();
  }

  #place(pages: readonly ListPage<Row>[]): void {
    this.#pages = pages;
    this.#loaded = { rows: pages.flatMap(({ rows }) => rows), more: pages.at(-1)?.more ?? false };
    for (const listener of this.#listeners) listener();
  }

  /** Follows the pages in sight, but for the first one, which is given. */
  #watch(): void {
    const seen = new Map<string, ListPage<Row>>();
    let begin = 0;
    for (const page of this.#pages) {
      const end = begin + page.rows.length;
      if (page.after !== null && begin <= this.#sight.last && end > this.#sight.first) seen.set(page.after, page);
      begin = end;
    }
    for (const [after, unwatch] of this.#watched) {
      if (seen.has(after)) continue;
      unwatch();
      this.#watched.delete(after);
    }
    for (const [after, page] of seen) {
      if (!this.#watched.has(after)) {
        this.#watched.set(
          after,
          this.#source.watch(page, (rows) => this.#refresh(after, rows)),
        );
      }
    }
  }

  #refresh(after: string, rows: readonly Row[]): void {
    const index = this.#pages.findIndex((page) => page.after === after);
    const page = this.#pages[index];
    // Other rows are no news about these: they come with the page's next reading.
    if (!page || page.rows === rows || !sameRows(page.rows, rows)) return;
    this.#place(this.#pages.with(index, { ...page, rows }));
  }
}
