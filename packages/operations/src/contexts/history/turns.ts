import { setImmediate } from "node:timers/promises";

/** How long work may keep everything else in the process waiting, in milliseconds. */
const TURN_MS = 10;

/** Lets long work give way to others. */
export interface Turns {
  /** To be called between steps: waits its turn when the last one has lasted. Throws when nobody wants the result any more. */
  next(): Promise<void>;
}

/** For one piece of work, which ends when `signal` aborts. */
export function takeTurns(signal?: AbortSignal): Turns {
  let begun = performance.now();
  return {
    async next() {
      signal?.throwIfAborted();
      if (performance.now() - begun < TURN_MS) return;
      await setImmediate();
      begun = performance.now();
    },
  };
}
