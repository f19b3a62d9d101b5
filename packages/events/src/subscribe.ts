import { backoffMs } from "./backoff.ts";
import { encodeCursor, pageCursors } from "./cursor.ts";
import type { Feed } from "./feed.ts";
import { compileFilter, type EventFilter } from "./filter.ts";
import { type EventDelivery, eventDelivery, type Frame } from "./frame.ts";
import { FrameQueue } from "./frame-queue.ts";
import { locateCursor } from "./locate.ts";
import type { Position } from "./position.ts";
import { readBatch } from "./read-batch.ts";
import { type TailBatch, unseen } from "./recent-batches.ts";
import { covers, type Snapshot } from "./snapshot.ts";
import type { TailSubscriber } from "./tail.ts";

export interface SubscribeOptions {
  readonly projectId: string;
  readonly filter?: EventFilter;
  /** Begins right after this cursor; without it, at the present. */
  readonly after?: string | null;
}

/** A subscriber without anything else to deliver delivers a bookmark after this time. */
const IDLE_MS = 5_000;

/**
 * The events of a project as frames: first what has happened after `after`, from the database, then live. Every event is
 * delivered once, each subject's in the order of its versions; at a bookmark all before it is whole transactions. Ends
 * only with a `ResyncRequired`, or by `return()`, which takes effect at once. An outage of the database is waited out.
 */
export function subscribe(feed: Feed, options: SubscribeOptions): AsyncIterableIterator<Frame> {
  return new Subscription(feed, options).queue;
}

class Subscription implements TailSubscriber {
  readonly projectId: string;
  readonly queue: FrameQueue;
  readonly #feed: Feed;
  readonly #filter: EventFilter;
  readonly #matches: (frame: EventDelivery) => boolean;
  #after: string | null;
  #position: Position | null = null;
  #catchingUp = false;
  #live = false;
  /** What was read from the database and the tail may not have read yet; null once the tail is past it. */
  #seen: Snapshot | null = null;
  #undelimited = false;
  #lastFrameAt = 0;
  #failures = 0;
  #wakeUp: (() => void) | null = null;

  constructor(feed: Feed, { projectId, filter, after }: SubscribeOptions) {
    this.#feed = feed;
    this.projectId = projectId;
    this.#filter = filter ?? {};
    const matches = compileFilter(this.#filter);
    this.#matches = (frame) => matches(frame.event);
    this.#after = after ?? null;
    this.queue = new FrameQueue({
      start: after ?? feed.tail.cursor,
      onEmpty: () => void this.#catchUp(),
      onEnd: () => {
        feed.subscriptions.delete(this.queue);
        feed.tail.leave(this);
        this.#wakeUp?.();
      },
    });
    feed.subscriptions.add(this.queue);
    // At the present the tail can be joined at once; whoever asks late for the first frame has missed nothing.
    if (this.#after === null) this.#join(feed.tail.position);
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
    this.#bookmark(encodeCursor(this.#feed.tail.installation, batch.to), true);
  }

  idle(now: number): void {
    if (now - this.#lastFrameAt < IDLE_MS || !this.queue.isDrained) return;
    if (this.#seen && !covers(this.#feed.tail.position.snapshot, this.#seen)) return;
    this.#bookmark(this.#feed.tail.cursor, true);
  }

  lost(cursor: string): void {
    this.queue.finish({ kind: "ResyncRequired", cursor, reason: "CURSOR_UNKNOWN" });
  }

  /** Reads pages from the database, only while somebody waits for a frame, until that one has got something, and joins the tail when it has reached the present. */
  async #catchUp(): Promise<void> {
    if (this.#catchingUp || this.#live) return;
    this.#catchingUp = true;
    while (this.queue.isAwaited && !this.#live) {
      try {
        await this.#readPage();
        this.#failures = 0;
      } catch (error) {
        this.#failures += 1;
        this.#feed.onError(error as Error);
        await this.#sleep(backoffMs(this.#failures));
      }
    }
    this.#catchingUp = false;
  }

  async #readPage(): Promise<void> {
    const { database, tail } = this.#feed;
    if (!this.#position && this.#after !== null) {
      const located = await locateCursor(database, this.#after);
      if ("reason" in located) return this.queue.finish({ kind: "ResyncRequired", ...located });
      this.#position = located.position;
    }
    if (!this.#position || this.queue.ended) return;
    const from = this.#position;
    const page = await readBatch(database, from, {
      projectId: this.projectId,
      filter: this.#filter,
      sizes: this.#feed.sizes,
    });
    if (this.queue.ended) return;
    const cursorAt = pageCursors(tail.installation, from.snapshot, page.target);
    this.#deliver(page.events.map((event) => eventDelivery(event, cursorAt)));
    if (page.complete) return this.#join(page.position);
    this.#position = page.position;
    // A filter may match nothing for long: then what was looked at need not be looked at again.
    const lastId = page.position.page?.lastId;
    if (
      lastId !== undefined &&
      !this.#undelimited &&
      performance.now() - this.#lastFrameAt > IDLE_MS
    ) {
      this.#bookmark(cursorAt(lastId), false);
    }
  }

  /** The batch before `position` has been delivered: joins the tail, if that is near enough. */
  #join(position: Position): void {
    const { tail } = this.#feed;
    const missed = tail.join(this, position.snapshot);
    this.#position = position;
    this.#live = missed !== null;
    this.#bookmark(encodeCursor(tail.installation, position.snapshot), this.#live);
    if (!missed) return;
    this.#seen = position.snapshot;
    for (const batch of missed) {
      this.page(batch, batch.frames.get(this.projectId) ?? []);
      if (batch.complete) this.complete(batch);
    }
  }

  #deliver(frames: readonly EventDelivery[]): void {
    if (frames.length === 0) return;
    this.#undelimited = true;
    this.#lastFrameAt = performance.now();
    for (const frame of frames) this.queue.push(frame);
  }

  #bookmark(cursor: string, caughtUp: boolean): void {
    this.#undelimited = false;
    this.#lastFrameAt = performance.now();
    this.queue.push({ kind: "Bookmark", cursor, caughtUp });
  }

  async #sleep(ms: number): Promise<void> {
    if (this.queue.ended) return;
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
