import type { AbortCause } from "./failure.ts";

/**
 * How an agent stops, ever more urgently: `deadline` lets running tasks finish for a limited time; `now` aborts them and reports
 * them; `discard` aborts them, and their results are worth nothing.
 */
const URGENCIES = ["deadline", "now", "discard"] as const;
export type Urgency = (typeof URGENCIES)[number];

export interface Stop {
  readonly urgency: Urgency;
  /** What the handlers' signals are aborted with, when it comes to that. */
  readonly cause: AbortCause;
  /** For the log. */
  readonly why: string;
  /** What `run` fails with; without it the stop is an orderly one. */
  readonly error?: unknown;
}

export interface Stopper {
  /** The most urgent request so far. */
  readonly current: Stop | null;
  /** Aborts at the first request. */
  readonly signal: AbortSignal;
  /** A request that is not more urgent than the present one changes nothing. */
  request(stop: Stop): void;
  /** Resolves at the next more urgent request, or at once when there is one after `seen`. */
  after(seen: Stop | null): Promise<void>;
}

export function createStopper(): Stopper {
  const controller = new AbortController();
  let current: Stop | null = null;
  let waiters: (() => void)[] = [];
  return {
    get current() {
      return current;
    },
    signal: controller.signal,
    request(stop) {
      if (current && URGENCIES.indexOf(stop.urgency) <= URGENCIES.indexOf(current.urgency)) return;
      current = stop;
      controller.abort(new Error(stop.why));
      for (const wake of waiters) wake();
      waiters = [];
    },
    after: (seen) => (current === seen ? new Promise((resolve) => waiters.push(resolve)) : Promise.resolve()),
  };
}
