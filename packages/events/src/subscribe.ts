import { backoffMs } from "./backoff.ts";
import { encodeCursor, pageCursors } from "./cursor.ts";
import type { Feed } from "./feed.ts";
import type { FeedPlace } from "./feed-place.ts";
import { compileFilter, type EventFilter, type FilterTopics, topicsOf } from "./filter.ts";
import { type EventDelivery, eventDelivery, type Frame } from "./frame.ts";
import { FrameQueue } from "./frame-queue.ts";
import { locateCursor } from "./locate.ts";
import type { Position } from "./position.ts";
import { readBatch } from "./read-batch.ts";
import { EventsRemoved } from "./retention-bound.ts";
import { framesOf, type TailBatch, unseen } from "./recent-batches.ts";
import { covers, type Snapshot } from "./snapshot.ts";
import type { TailSubscriber } from "./tail.ts";

export interface SubscribeOptions {
  readonly place: FeedPlace;
  readonly filter?: EventFilter;
  /** Begins right after this cursor; without it, at the present. */
  readonly after?: string | null;
}

/** Inside a batch so many times as much is read at once: there is more than a page. */
const REPLAY_PAGES = 4;
/** A subscriber without anything else to deliver delivers a bookmark after this time. */
const IDLE_MS = 5_000;

/**
 * The events of a place as frames: first what has happened after `after`, from the database, then live. Every event is
 * delivered once, each subject's in the order of its versions; at a bookmark all before it is whole transactions. Ends
 * only with a `ResyncRequired`, or by `return()`, which takes effect at once. An outage of the database is waited out.
 */
export function subscribe(feed: Feed, options: SubscribeOptions): EventSubscription {
  return new EventSubscription(feed, options);
}

/** See `subscribe`. */
export class EventSubscription implements AsyncIterableIterator<Frame>, TailSubscriber {
  readonly place: FeedPlace;
  readonly topics: FilterTopics | null;
  readonly filter: EventFilter;
  readonly #queue: FrameQueue;
  readonly #feed: Feed;
  readonly #matches: (frame: EventDelivery) => boolean;
  #after: string | null;
  #position: Position | null = null;
  #catchingUp = false;
  #live = false;
  #caughtUp = false;
  /** Replay has reached the present when it has reached these. */
  #goals: Snapshot[] = [];
  /** What was read from the database and the tail may not have read yet; null once the tail is past it. */
  #seen: Snapshot | null = null;
  #undelimited = false;
  #lastFrameAt = 0;
  #failures = 0;
  #wakeUp: (() => void) | null = null;

  constructor(feed: Feed, { place, filter, after }: SubscribeOptions) {
    this.#feed = feed;
    this.place = place;
    this.filter = filter ?? {};
    this.topics = topicsOf(this.filter);
    const matches = compileFilter(this.filter);
    this.#matches = (frame) => matches(frame.event);
    this.#after = after ?? null;
    this.#queue = new FrameQueue({
      start: after ?? feed.tail.cursor,
      onEmpty: () => void this.#catchUp(),
      onEnd: () => {
        feed.subscriptions.delete(this);
        feed.tail.leave(this);
        this.#wakeUp?.();
      },
    });
    feed.subscriptions.add(this);
    // At the present the tail can be joined at once; whoever asks late for the first frame has missed nothing.
    if (this.#after === null) this.#join(feed.tail.position);
  }

  /**
   * It has been given all that the tail has handed out, and from now on the tail's own frames are right for it: it can end,
   * and whoever hangs on the tail from this moment on goes on where it was.
   */
  get isLevel(): boolean {
    const waiting = !this.#queue.isDrained || this.#queue.ended;
    if (waiting || !this.#live || !this.#caughtUp) return false;
    return this.#seen === null || covers(this.#feed.tail.position.snapshot, this.#seen);
  }

  next(): Promise<IteratorResult<Frame>> {
    return this.#queue.next();
  }

  /** Ends at once, whatever is awaited or under way. */
  return(): Promise<IteratorResult<Frame>> {
    return this.#queue.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  page(batch: TailBatch, frames: readonly EventDelivery[]): void {
    if (this.#seen && covers(batch.from, this.#seen)) this.#seen = null;
    const seen = this.#seen;
    if (!seen) return this.#deliver(frames.filter(this.#matches));
    const cursorAt = pageCursors(this.#feed.tail.installation, seen, batch.to);
    this.#deliver(
      unseen(frames, seen)
        .filter(this.#matches)
        .map((frame) => eventDelivery(frame.event, cursorAt)),
    );
  }

  complete(batch: TailBatch): void {
    if (!this.#undelimited) return;
    this.#bookmark(batch.to);
  }

  idle(now: number): void {
    const { snapshot } = this.#feed.tail.position;
    const due = now - this.#lastFrameAt >= IDLE_MS || (!this.#caughtUp && this.#reachesPresent(snapshot));
    if (!due || !this.#queue.isDrained || (this.#seen && !covers(snapshot, this.#seen))) return;
    this.#bookmark(snapshot, this.#feed.tail.cursor);
  }

  lost(cursor: string, reason: "CURSOR_EXPIRED" | "CURSOR_UNKNOWN"): void {
    this.#queue.finish({ kind: "ResyncRequired", cursor, reason });
  }

  /** Reads pages, but only while somebody waits for a frame, and joins the tail when it has reached the present. */
  async #catchUp(): Promise<void> {
    if (this.#catchingUp || this.#live) return;
    this.#catchingUp = true;
    while (this.#queue.isAwaited && !this.#live) {
      try {
        await this.#readPage();
        this.#failures = 0;
      } catch (error) {
        this.#failures += 1;
        if (!(error instanceof EventsRemoved)) this.#feed.onError(error as Error);
        // What comes back may not be what went away: the position has to be found again, or why it cannot be.
        const { snapshot, page } = this.#position ?? {};
        if (snapshot) this.#after = encodeCursor(this.#feed.tail.installation, snapshot, page);
        this.#position = null;
        await this.#sleep(backoffMs(this.#failures));
      }
    }
    this.#catchingUp = false;
  }

  async #readPage(): Promise<void> {
    const { database, tail, sizes } = this.#feed;
    if (!this.#position && this.#after !== null) {
      const located = await locateCursor(database, this.#after, this.place);
      if ("reason" in located) return this.#queue.finish({ kind: "ResyncRequired", ...located });
      this.#position = located.position;
      this.#goals = [located.present];
      this.#undelimited = located.position.page !== null;
    }
    if (!this.#position || this.#queue.ended) return;
    const from = this.#position;
    const page = await readBatch(database, from, {
      place: this.place,
      filter: this.filter,
      sizes: from.page ? { ...sizes, page: sizes.page * REPLAY_PAGES } : sizes,
    });
    // What an event ends (a credential, and with it this subscription) the tail ends: nobody may be ahead of it.
    await tail.reaches(page.target);
    if (this.#queue.ended) return;
    const cursorAt = pageCursors(tail.installation, from.snapshot, page.target);
    this.#deliver(page.events.map((event) => eventDelivery(event, cursorAt)));
    if (page.complete) return this.#join(page.position);
    this.#position = page.position;
    // A filter may match nothing for long: then what was looked at need not be looked at again.
    const lastId = page.position.page?.lastId;
    if (lastId !== undefined && !this.#undelimited && performance.now() - this.#lastFrameAt > IDLE_MS) {
      this.#bookmark(from.snapshot, cursorAt(lastId));
    }
  }

  /** The batch before `position` has been delivered: joins the tail, if that is near enough. */
  #join(position: Position): void {
    const { tail } = this.#feed;
    const missed = tail.join(this, position.snapshot);
    this.#position = position;
    this.#live = missed !== null;
    const last = missed?.at(-1);
    if (last) this.#goals.push(last.to);
    this.#bookmark(position.snapshot);
    if (!missed) return;
    this.#seen = position.snapshot;
    for (const batch of missed) {
      this.page(batch, framesOf(batch, this.place));
      if (batch.complete) this.complete(batch);
    }
    if (last?.complete && !this.#caughtUp) this.#bookmark(last.to);
  }

  #reachesPresent(snapshot: Snapshot): boolean {
    return this.#live && this.#goals.every((goal) => covers(snapshot, goal));
  }

  #deliver(frames: readonly EventDelivery[]): void {
    if (frames.length === 0) return;
    this.#undelimited = true;
    this.#lastFrameAt = performance.now();
    for (const frame of frames) this.#queue.push(frame);
  }

  #bookmark(snapshot: Snapshot, cursor = encodeCursor(this.#feed.tail.installation, snapshot)): void {
    this.#undelimited = false;
    this.#lastFrameAt = performance.now();
    this.#caughtUp ||= this.#reachesPresent(snapshot);
    this.#queue.push({ kind: "Bookmark", cursor, caughtUp: this.#caughtUp });
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#queue.ended) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wakeUp = null;
  }
}
