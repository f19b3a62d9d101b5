import { setImmediate as nextTurn } from "node:timers/promises";
import type { Cohort, CohortMember } from "@muster/events/cohort.ts";
import { EventSubscription } from "@muster/events/subscribe.ts";
import type { Cohorts, CohortKey } from "./cohorts.ts";
import type { LiveSink, Rendered } from "./live-sink.ts";
import type { Render } from "./render.ts";

export interface LiveStreamOptions {
  readonly source: AsyncIterable<unknown>;
  readonly render: Render;
  readonly sink: LiveSink;
  readonly cohorts: Cohorts;
  /** Asked for once, when a feed is live. */
  readonly keyOf: () => CohortKey;
}

/** So many results are sent in one turn of the event loop: a few milliseconds. */
const SENT_AT_ONCE = 50;
const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * One subscription of a client: its results go to the sink, and the iterator yields nothing: its first `next()` begins, and
 * resolves at the end. A feed is replayed for it alone, at the pace of its connection; once live it is one of a cohort.
 */
export class LiveStream implements AsyncIterableIterator<never>, CohortMember<Rendered> {
  readonly #sink: LiveSink;
  readonly #ended = Promise.withResolvers<IteratorReturnResult<undefined>>();
  #options: LiveStreamOptions | null;
  #iterator: AsyncIterator<unknown> | null = null;
  #cohort: Cohort<Rendered> | null = null;
  #cursor: string | null = null;
  #begun = false;
  #closed = false;

  constructor(options: LiveStreamOptions) {
    this.#options = options;
    this.#sink = options.sink;
    // Also when nobody waits for the end.
    this.#ended.promise.catch(() => {});
  }

  next(): Promise<IteratorReturnResult<undefined>> {
    if (!this.#begun) {
      this.#begun = true;
      this.#run().catch((error: unknown) => this.#fail(error));
    }
    return this.#ended.promise;
  }

  /** Ends it at once, whatever is under way. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#close();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  deliver(rendered: Rendered): void {
    if (this.#sink.isFull) return void this.#fallBehind();
    this.#cursor = rendered.cursor;
    this.#sink.send(rendered);
  }

  end(reason: "over" | "behind"): void {
    if (reason === "behind") void this.#fallBehind();
    else this.#close();
  }

  async #run(): Promise<void> {
    if (!this.#options) return;
    const { source, render, cohorts, keyOf } = this.#options;
    const iterator = source[Symbol.asyncIterator]();
    this.#iterator = iterator;
    for (
      let next = await iterator.next(), sent = 1;
      !next.done && !this.#closed;
      next = await iterator.next(), sent += 1
    ) {
      const rendering = render(next.value);
      const rendered = rendering instanceof Promise ? await rendering : rendering;
      if (this.#closed) return;
      this.#cursor = rendered.cursor;
      const room = this.#sink.sendWhenRoom(rendered);
      if (room) await room;
      // A page of a replay is there all at once; others must not wait until all of it is through.
      if (sent % SENT_AT_ONCE === 0) await nextTurn();
      if (this.#closed) return;
      // Nothing may be awaited from here to the join: at this moment the cohort goes on exactly where this one was.
      if (source instanceof EventSubscription && source.isLevel) {
        this.#cohort = cohorts.of(keyOf(), source, render);
        this.#cohort.join(this);
        // What replay needed is let go: thousands of subscribers stay like this for hours.
        this.#options = null;
        this.#iterator = null;
        return void source.return();
      }
    }
    this.#close();
  }

  /** The connection takes less than comes: says so in the feed itself, with the cursor from which nothing is missed. */
  async #fallBehind(): Promise<void> {
    const cohort = this.#cohort;
    const cursor = this.#cursor;
    if (!cohort || cursor === null || this.#closed) return this.#close();
    cohort.leave(this);
    this.#cohort = null;
    const resync = await cohort.render({ kind: "ResyncRequired", cursor, reason: "SLOW_CONSUMER" });
    if (!this.#closed) this.#sink.send(resync);
    this.#close();
  }

  #fail(error: unknown): void {
    this.#ended.reject(error);
    this.#close();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cohort?.leave(this);
    this.#cohort = null;
    this.#options = null;
    void this.#iterator?.return?.();
    this.#ended.resolve(DONE);
  }
}
