import type { Feed } from "./feed.ts";
import type { FeedPlace } from "./feed-place.ts";
import { compileFilter, type EventFilter, type FilterTopics, topicsOf } from "./filter.ts";
import type { EventDelivery, Frame } from "./frame.ts";
import type { TailBatch } from "./recent-batches.ts";
import { type TailSubscriber, TICK_MS } from "./tail.ts";

/** One of the subscribers who get the same. Its functions must neither throw nor take long. */
export interface CohortMember<Rendered> {
  /** Comes for each frame once, in order. */
  deliver(rendered: Rendered): void;
  /** Nothing comes any more. `behind`: frames were left out, so it has to go on from the last one delivered. */
  end(reason: "over" | "behind"): void;
}

export interface CohortOptions<Rendered> {
  readonly feed: Feed;
  readonly place: FeedPlace;
  readonly filter: EventFilter;
  /** What the members are given for a frame. Called once for each frame; may take a while. */
  readonly render: (frame: Frame) => Rendered | Promise<Rendered>;
  /** The last member has left; the cohort is off the tail. */
  readonly onEmpty: () => void;
}

/** While events come, bookmarks come this often to all. */
const BUSY_MS = 2_500;
/** After that, while none come, each member gets one this often. */
const IDLE_MS = 8_000;
/** Members get their idle bookmarks in so many turns, so that a large cohort does not hold up the process. */
const TURNS = IDLE_MS / TICK_MS;
/** Most frames that wait to be rendered. */
const CAPACITY = 2_000;

interface Seat {
  /** It has what was accepted up to this number. */
  readonly since: number;
  readonly turn: number;
}

interface Waiting<Rendered> {
  readonly number: number;
  /** Only for members with this turn; null: for all. */
  readonly turn: number | null;
  readonly last: boolean;
  rendered: Rendered | null;
}

/**
 * Live subscribers who want the same events in the same form: each frame is rendered once, whatever their number. Only who
 * stands level with the tail can join; joining and leaving cost the same in a cohort of one and of ten thousand.
 */
export class Cohort<Rendered> implements TailSubscriber {
  readonly place: FeedPlace;
  readonly topics: FilterTopics | null;
  readonly #feed: Feed;
  readonly #matches: (frame: EventDelivery) => boolean;
  readonly #render: (frame: Frame) => Rendered | Promise<Rendered>;
  readonly #onEmpty: () => void;
  readonly #members = new Map<CohortMember<Rendered>, Seat>();
  #waiting: Waiting<Rendered>[] = [];
  #accepted = 0;
  #turn = 0;
  /** Events have been delivered since the last bookmark. */
  #undelimited = false;
  #lastBookmarkAt = 0;

  constructor({ feed, place, filter, render, onEmpty }: CohortOptions<Rendered>) {
    this.#feed = feed;
    this.place = place;
    this.topics = topicsOf(filter);
    const matches = compileFilter(filter);
    this.#matches = (frame) => matches(frame.event);
    this.#render = render;
    this.#onEmpty = onEmpty;
  }

  get size(): number {
    return this.#members.size;
  }

  /** What a frame looks like for its members. */
  render(frame: Frame): Rendered | Promise<Rendered> {
    return this.#render(frame);
  }

  /** From now on `member`, who has all that the tail has handed out, gets what comes. */
  join(member: CohortMember<Rendered>): void {
    if (this.#members.size === 0) this.#feed.tail.add(this);
    this.#members.set(member, { since: this.#accepted, turn: Math.floor(Math.random() * TURNS) });
  }

  leave(member: CohortMember<Rendered>): void {
    if (!this.#members.delete(member) || this.#members.size > 0) return;
    this.#feed.tail.leave(this);
    this.#waiting = [];
    this.#onEmpty();
  }

  page(_batch: TailBatch, frames: readonly EventDelivery[]): void {
    for (const frame of frames) {
      if (!this.#matches(frame)) continue;
      this.#undelimited = true;
      this.#accept(frame, null);
    }
  }

  complete(): void {}

  idle(now: number): void {
    this.#turn = (this.#turn + 1) % TURNS;
    if (now - this.#lastBookmarkAt < BUSY_MS) return;
    if (this.#undelimited) {
      this.#undelimited = false;
      this.#lastBookmarkAt = now;
      this.#accept(this.#bookmark(), null);
    } else if (this.#hasTurn(this.#turn)) {
      this.#accept(this.#bookmark(), this.#turn);
    }
  }

  lost(cursor: string, reason: "CURSOR_EXPIRED" | "CURSOR_UNKNOWN"): void {
    this.#accept({ kind: "ResyncRequired", cursor, reason }, null);
  }

  #bookmark(): Frame {
    return { kind: "Bookmark", cursor: this.#feed.tail.cursor, caughtUp: true };
  }

  #hasTurn(turn: number): boolean {
    for (const seat of this.#members.values()) if (seat.turn === turn) return true;
    return false;
  }

  /** Frames are rendered side by side and delivered in the order in which they came. */
  #accept(frame: Frame, turn: number | null): void {
    if (this.#waiting.length >= CAPACITY) return this.#end("behind");
    this.#accepted += 1;
    const last = frame.kind === "ResyncRequired";
    const item: Waiting<Rendered> = { number: this.#accepted, turn, last, rendered: null };
    this.#waiting.push(item);
    const settle = (rendered: Rendered) => {
      item.rendered = rendered;
      this.#drain();
    };
    const rendered = this.#render(frame);
    if (!(rendered instanceof Promise)) return settle(rendered);
    rendered.then(settle, (error: unknown) => {
      this.#feed.onError(error as Error);
      this.#end("behind");
    });
  }

  #drain(): void {
    for (let item = this.#waiting[0]; item && item.rendered !== null; item = this.#waiting[0]) {
      this.#waiting.shift();
      for (const [member, { since, turn }] of this.#members) {
        if (since < item.number && (item.turn === null || item.turn === turn)) member.deliver(item.rendered);
      }
      if (item.last) this.#end("over");
    }
  }

  #end(reason: "over" | "behind"): void {
    const members = [...this.#members.keys()];
    for (const member of members) this.leave(member);
    for (const member of members) member.end(reason);
  }
}
