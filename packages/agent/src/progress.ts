import { delay } from "@muster/client/retry.ts";

export interface ProgressUpdate {
  readonly progress?: number;
  readonly message?: string;
  readonly chunk?: unknown;
}

export interface ProgressReporter {
  /** Resolves when this update, or a later one that took its place, was sent or given up. */
  report(update: ProgressUpdate): Promise<void>;
  /** Sends what is left, without waits. What is reported later is dropped. */
  finish(): Promise<void>;
}

interface Pending {
  update: ProgressUpdate;
  readonly sent: PromiseWithResolvers<void>;
}

/**
 * Sends updates one at a time, in order. Updates without a chunk are thinned out to one per `intervalMs`, of which the last
 * is always sent; chunks are all sent, without a wait. `send` must not throw.
 */
export function createProgressReporter(
  send: (update: ProgressUpdate) => Promise<void>,
  intervalMs: number,
): ProgressReporter {
  const queue: Pending[] = [];
  let earliest = 0;
  let finished = false;
  let waiting = new AbortController();
  let sending: Promise<void> | undefined;

  async function sendQueued(): Promise<void> {
    for (let next = queue[0]; next; next = queue[0]) {
      const wait = earliest - performance.now();
      if (wait > 0 && !finished && !hasChunk(next)) {
        // While an update waits here, a newer one may still take its place.
        waiting = new AbortController();
        await delay(wait, waiting.signal).catch(() => {});
      }
      queue.shift();
      await send(next.update);
      earliest = performance.now() + intervalMs;
      next.sent.resolve();
    }
    sending = undefined;
  }

  return {
    report(update) {
      if (finished) return Promise.resolve();
      let pending = queue.at(-1);
      if (pending && !hasChunk(pending)) {
        pending.update = { ...pending.update, ...update };
        if (hasChunk(pending)) waiting.abort();
      } else {
        pending = { update, sent: Promise.withResolvers<void>() };
        queue.push(pending);
      }
      sending ??= sendQueued();
      return pending.sent.promise;
    },
    async finish() {
      finished = true;
      waiting.abort();
      await sending;
    },
  };
}

function hasChunk(pending: Pending): boolean {
  return pending.update.chunk !== undefined;
}
