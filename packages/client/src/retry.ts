import { isTransient, retryAfterMs } from "./errors.ts";

export interface BackoffOptions {
  /** The longest first wait; it doubles with each failure. */
  readonly baseMs: number;
  /** No wait is longer. */
  readonly maxMs: number;
  /** A number from 0 up to 1; `Math.random` by default. */
  readonly random?: () => number;
}

export interface Backoff {
  /** Failures since the last `reset`. */
  readonly failures: number;
  /** Counts a failure and answers how many milliseconds to wait before the next attempt: with `longer`, half of the longest or more. */
  next(longer?: boolean): number;
  reset(): void;
}

export const DEFAULT_BACKOFF: BackoffOptions = { baseMs: 250, maxMs: 10_000 };

/**
 * Exponential backoff with full jitter: the wait is drawn evenly between 0 and min(max, base · 2^failures), so that
 * clients that failed together do not come back together. ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015.)
 */
export function createBackoff(options: BackoffOptions = DEFAULT_BACKOFF): Backoff {
  const random = options.random ?? Math.random;
  let failures = 0;
  return {
    get failures() {
      return failures;
    },
    next(longer = false) {
      const ceiling = Math.min(options.maxMs, options.baseMs * 2 ** failures);
      failures += 1;
      return longer ? (options.maxMs * (1 + random())) / 2 : random() * ceiling;
    },
    reset() {
      failures = 0;
    },
  };
}

/** Resolves after `ms` milliseconds. @throws the signal's reason as soon as it aborts. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}

export interface RetryOptions {
  readonly signal?: AbortSignal;
  readonly backoff?: BackoffOptions;
  /** Whether to try again after this error, the `failures`-th; by default while the error is transient. */
  readonly shouldRetry?: (error: unknown, failures: number) => boolean;
}

/**
 * Calls `attempt` until it succeeds or fails for good, waiting with jitter in between, or as long as the server asks.
 * @throws the last error, or the signal's reason when it aborted before success.
 */
export async function retry<Value>(attempt: () => Promise<Value>, options: RetryOptions = {}): Promise<Value> {
  const backoff = createBackoff(options.backoff);
  const shouldRetry = options.shouldRetry ?? isTransient;
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      options.signal?.throwIfAborted();
      const wait = Math.max(backoff.next(), retryAfterMs(error) ?? 0);
      if (!shouldRetry(error, backoff.failures)) throw error;
      await delay(wait, options.signal);
    }
  }
}
