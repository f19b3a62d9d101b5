import type { Database } from "@muster/database/database.ts";
import { backoffMs } from "./backoff.ts";
import { encodeCursor, type Installation, pageCursors } from "./cursor.ts";
import type { LoggedEvent } from "./event.ts";
import { FanOut } from "./fan-out.ts";
import type { FeedPlace } from "./feed-place.ts";
import type { FilterTopics } from "./filter.ts";
import { type EventDelivery, eventDelivery, type ResyncReason } from "./frame.ts";
import { type Present, presentPosition } from "./locate.ts";
import type { Position } from "./position.ts";
import { PositionAhead, readBatch, type ReadSizes } from "./read-batch.ts";
import { adoptLog } from "./restore.ts";
import { EventsRemoved } from "./retention-bound.ts";
import { RecentBatches, type TailBatch } from "./recent-batches.ts";
import { covers, formatSnapshot, type Snapshot } from "./snapshot.ts";
import { Topics } from "./topics.ts";
import { Waiters } from "./waiters.ts";

/** Someone who hangs on the tail. Its functions must neither throw nor take long. */
export interface TailSubscriber {
  readonly place: FeedPlace;
  /** It is given only events about these; null: all of its place. */
  readonly topics: FilterTopics | null;
  /** A page of events, of those that are about its topics. */
  page(batch: TailBatch, frames: readonly EventDelivery[]): void;
  /** A batch in which it was given events, or which it joined inside, has ended. */
  complete(batch: TailBatch): void;
  /** Comes every `TICK_MS` while the tail is between two batches. */
  idle(now: number): void;
  /** The position of the tail is void: the database is another one now, or retention has overtaken it. */
  lost(cursor: string, reason: Exclude<ResyncReason, "SLOW_CONSUMER">): void;
}

/** A look at events as they come. No order or completeness is promised across a restart: a hint to look at the tables. */
export type EventsListener = (events: readonly LoggedEvent[]) => void;

export interface TailOptions {
  /** For the tail alone. */
  readonly database: Database;
  readonly sizes: ReadSizes;
  readonly onError: (error: Error) => void;
}

/** Without any wake-up it looks this often. */
const POLL_MS = 1_000;
/** Least time from one look to the next, so that under load each look finds many events. */
const GAP_MS = 4;
export const TICK_MS = 500;

/** The one reader of the log's end in a process. Others take from it what it has read. */
export class Tail {
  readonly #database: Database;
  readonly #sizes: ReadSizes;
  readonly #onError: (error: Error) => void;
  readonly #subscribers = new FanOut();
  readonly #listeners = new Topics<string | null, EventsListener>();
  readonly #first = new Set<EventsListener>();
  readonly #waiting = new Waiters();
  readonly #recent = new RecentBatches();
  #present: Present;
  #batch: TailBatch | null = null;
  /** Who has to be told when the batch ends. */
  #touched = new Set<TailSubscriber>();
  #cursor: string | null = null;
  #batchBegunAt = 0;
  #confirmedAt = performance.now();
  #failures = 0;
  #suspect = false;
  /** It was away for so long that retention has removed what comes next. */
  #overtaken = false;
  #woken = false;
  #closed = false;
  #interrupt: (() => void) | null = null;
  readonly #ticker: NodeJS.Timeout;
  readonly #ended: Promise<void>;

  /** Begins to read at `present`. */
  constructor(present: Present, { database, sizes, onError }: TailOptions) {
    this.#present = present;
    this.#database = database;
    this.#sizes = sizes;
    this.#onError = onError;
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
    this.#ended = this.#run();
  }

  get installation(): Installation {
    return this.#present.installation;
  }

  /** Everything before it has been handed out. */
  get position(): Position {
    return { ...this.#present.position, page: null };
  }

  /** The cursor of `position`. */
  get cursor(): string {
    return (this.#cursor ??= encodeCursor(this.installation, this.position.snapshot));
  }

  /** When it last began a look that left nothing to hand out, by `performance.now()`. */
  get confirmedAt(): number {
    return this.#confirmedAt;
  }

  /** Resolves once it has handed out all that `snapshot` sees, or is closed. Rejects when that takes too long. */
  async reaches(snapshot: Snapshot): Promise<void> {
    if (this.#closed || covers(this.position.snapshot, snapshot)) return;
    this.wake();
    await this.#waiting.for(() => this.#closed || covers(this.position.snapshot, snapshot));
  }

  /** There may be something new. */
  wake(): void {
    this.#woken = true;
    if (this.#failures === 0) this.#interrupt?.();
  }

  /** The database may be another one now: a connection to it broke. */
  suspect(): void {
    this.#suspect = true;
  }

  /**
   * From now on `subscriber` gets what the tail reads. Returns the batches that the tail has read, in part perhaps, and
   * `seen` does not see whole; or null, and then the subscriber has not joined and has to read on from the database.
   */
  join(subscriber: TailSubscriber, seen: Snapshot): TailBatch[] | null {
    const missed = this.#recent.since(seen);
    if (!missed || (missed.length === 0 && !covers(seen, this.position.snapshot))) return null;
    this.add(subscriber);
    return missed;
  }

  /** From now on `subscriber`, which has all that the tail has handed out, gets what it reads. */
  add(subscriber: TailSubscriber): void {
    this.#subscribers.add(subscriber);
    if (this.#batch) this.#touched.add(subscriber);
  }

  leave(subscriber: TailSubscriber): void {
    this.#subscribers.delete(subscriber);
    this.#touched.delete(subscriber);
  }

  /** Calls `listener` with the events of a project (null: of all) as they come, until the returned function is called. */
  onEvents(projectId: string | null, listener: EventsListener): () => void {
    this.#listeners.add(projectId, listener);
    return () => this.#listeners.delete(projectId, listener);
  }

  /**
   * As `onEvents` for all projects, but called with the events of a page before any subscriber gets one of them: what it closes gets
   * none. An empty list says that events may have been passed over.
   */
  beforeEvents(listener: EventsListener): () => void {
    this.#first.add(listener);
    return () => this.#first.delete(listener);
  }

  /** Stops reading. Resolves when no statement runs any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.look();
    clearInterval(this.#ticker);
    this.#interrupt?.();
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      const begun = performance.now();
      try {
        if (this.#failures > 0 || this.#suspect) await this.#checkDatabase();
        await this.#readBatch();
        this.#failures = 0;
      } catch (error) {
        this.#overtaken = error instanceof EventsRemoved;
        this.#failures = error instanceof PositionAhead ? 1 : this.#failures + 1;
        if (!this.#closed) this.#onError(error as Error);
      }
      if (this.#failures > 0) await this.#pause(backoffMs(this.#failures));
      else {
        if (!this.#woken) await this.#pause(POLL_MS);
        const rest = begun + GAP_MS - performance.now();
        if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
      }
      this.#woken = false;
    }
  }

  /** Waits, unless woken (when nothing has failed) or closed. */
  async #pause(ms: number): Promise<void> {
    if (this.#closed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#interrupt = null;
  }

  async #readBatch(): Promise<void> {
    let complete = false;
    while (!complete && !this.#closed) {
      const from = this.#present.position;
      if (from.page === null) this.#batchBegunAt = performance.now();
      const page = await readBatch(this.#database, from, { sizes: this.#sizes });
      this.#handOut(from, page.target, page.events);
      this.#present = { ...this.#present, position: page.position };
      complete = page.complete;
      if (!complete) continue;
      this.#completeBatch();
      this.#confirmedAt = this.#batchBegunAt;
      this.#waiting.look();
    }
  }

  #handOut(from: Position, target: Snapshot, events: readonly LoggedEvent[]): void {
    if (events.length > 0) this.#hint([...this.#first], events);
    if (!this.#batch && formatSnapshot(from.snapshot) === formatSnapshot(target)) return;
    const batch = (this.#batch ??= this.#recent.open(from.snapshot, target));
    const cursorAt = pageCursors(this.installation, from.snapshot, target);
    const page = events.map((event) => eventDelivery(event, cursorAt));
    const byProject = Map.groupBy(page, (frame) => frame.event.projectId);
    this.#recent.add(batch, byProject);
    for (const [subscriber, own] of this.#subscribers.deal(byProject, page)) {
      this.#touched.add(subscriber);
      subscriber.page(batch, own);
    }
    for (const [projectId, frames] of byProject) {
      const listeners = projectId === null ? [] : this.#listeners.of(projectId);
      if (listeners.length === 0) continue;
      const seen = frames.map((frame) => frame.event);
      this.#hint(listeners, seen);
    }
    if (events.length > 0) this.#hint(this.#listeners.of(null), events);
  }

  #completeBatch(): void {
    const batch = this.#batch;
    this.#batch = null;
    this.#cursor = null;
    if (!batch) return;
    batch.complete = true;
    const touched = this.#touched;
    this.#touched = new Set();
    for (const subscriber of touched) subscriber.complete(batch);
  }

  #hint(listeners: readonly EventsListener[], events: readonly LoggedEvent[]): void {
    for (const listener of listeners) {
      try {
        listener(events);
      } catch (error) {
        this.#onError(error as Error);
      }
    }
  }

  /** After an outage: a database restored from a dump or a backup does not continue where this one was. */
  async #checkDatabase(): Promise<void> {
    await adoptLog(this.#database);
    const present = await presentPosition(this.#database);
    this.#suspect = false;
    const known = this.#present.position.page?.target ?? this.position.snapshot;
    const same = present.installation === this.installation && present.next >= known.xmax;
    if (same && !this.#overtaken) return;
    this.#overtaken = false;
    this.#present = present;
    this.#batch = null;
    this.#touched.clear();
    this.#cursor = null;
    this.#recent.clear();
    this.#hint([...this.#first], []);
    const reason = same ? "CURSOR_EXPIRED" : "CURSOR_UNKNOWN";
    for (const subscriber of this.#subscribers.all()) subscriber.lost(this.cursor, reason);
    this.#hint(this.#listeners.all(), []);
  }

  #tick(): void {
    if (this.#batch) return;
    const now = performance.now();
    for (const subscriber of this.#subscribers.all()) subscriber.idle(now);
  }
}
