import type { Frame } from "./frame.ts";

export interface FrameQueueOptions {
  /** The cursor before the first frame. */
  readonly start: string;
  /** Somebody waits for a frame and there is none. */
  readonly onEmpty: () => void;
  /** Nothing more will be taken; called once. */
  readonly onEnd: () => void;
}

/** Most frames that wait for a subscriber. */
const CAPACITY = 2_000;
const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * The frames that wait for one subscriber: never more than `CAPACITY`. One who takes them too slowly gets, in place of all
 * that waits, a `ResyncRequired` with the cursor from which it can go on, and then the end.
 */
export class FrameQueue implements AsyncIterator<Frame> {
  readonly #options: FrameQueueOptions;
  #frames: Frame[] = [];
  #requests: ((result: IteratorResult<Frame>) => void)[] = [];
  #cursor: string;
  #ended = false;

  constructor(options: FrameQueueOptions) {
    this.#options = options;
    this.#cursor = options.start;
  }

  /** Nothing is pushed any more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Somebody waits for a frame. */
  get isAwaited(): boolean {
    return this.#requests.length > 0;
  }

  /** All frames have been taken. */
  get isDrained(): boolean {
    return this.#frames.length === 0;
  }

  push(frame: Frame): void {
    if (this.#ended) return;
    const request = this.#requests.shift();
    if (request) request(this.#taken(frame));
    else if (this.#frames.length < CAPACITY) this.#frames.push(frame);
    else this.finish({ kind: "ResyncRequired", cursor: this.#cursor, reason: "SLOW_CONSUMER" });
  }

  /** Puts the last frame in place of all that wait. */
  finish(frame: Frame): void {
    if (this.#ended) return;
    this.#end([frame]);
    const request = this.#requests.shift();
    if (request) request(this.#taken(this.#frames.shift() ?? frame));
    this.#dismiss();
  }

  next(): Promise<IteratorResult<Frame>> {
    const frame = this.#frames.shift();
    if (frame) return Promise.resolve(this.#taken(frame));
    if (this.#ended) return Promise.resolve(DONE);
    return new Promise((resolve) => {
      this.#requests.push(resolve);
      this.#options.onEmpty();
    });
  }

  /** Ends at once, whatever is awaited or under way. */
  return(): Promise<IteratorResult<Frame>> {
    if (!this.#ended) this.#end([]);
    this.#frames = [];
    this.#dismiss();
    return Promise.resolve(DONE);
  }

  #end(frames: Frame[]): void {
    this.#ended = true;
    this.#frames = frames;
    this.#options.onEnd();
  }

  #dismiss(): void {
    for (const request of this.#requests.splice(0)) request(DONE);
  }

  #taken(frame: Frame): IteratorYieldResult<Frame> {
    this.#cursor = frame.cursor;
    return { done: false, value: frame };
  }
}
