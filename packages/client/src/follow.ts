import type { TypedDocument } from "./document.ts";
import { isPermanent, retryAfterMs, TransportError } from "./errors.ts";
import { followOnce } from "./follow-once.ts";
import type { EventOf, MissedReason } from "./frames.ts";
import { type BackoffOptions, createBackoff, DEFAULT_BACKOFF, delay, retry } from "./retry.ts";
import type { Transport } from "./transport.ts";
import { OFFLINE_AFTER_FAILURES, type Status } from "./status.ts";

export interface FollowOptions<Data, Variables> {
  /** A subscription to frames, with a variable `$after: String`. */
  readonly document: TypedDocument<Data, Variables>;
  readonly variables: Omit<Variables, "after">;
  /** The cursor to continue after; without one, following starts at the present. */
  readonly after?: string | null;
  /** Called for each event once, in order; the next one waits for its promise. */
  readonly onEvent: (event: EventOf<Data>, cursor: string) => void | Promise<void>;
  /** Whole transactions lie before this cursor: a good one to store. */
  readonly onBookmark?: (cursor: string, caughtUp: boolean) => void | Promise<void>;
  /**
   * Events were missed: read the state again, and answer the cursor it was read at (`Project.cursor`). Without an answer,
   * following goes on after the frame's own cursor. (A server that found this client too slow has lost nothing: following
   * goes on after the last event handled, and this is not called.)
   */
  readonly onResync: (cursor: string, reason: MissedReason) => string | void | Promise<string | void>;
  readonly onStatus?: (status: Status) => void;
  readonly signal?: AbortSignal;
  readonly backoff?: BackoffOptions;
  /** Frames received but not yet handled; beyond it the subscription is dropped and taken up again later. 1,000 by default. */
  readonly maxBuffered?: number;
}

/**
 * Follows a feed without missing or repeating an event, across lost connections, server restarts and slow handlers, by
 * subscribing again after the cursor of the last frame handled. Resolves when `signal` aborts.
 * @throws UnauthenticatedError and others that repeating cannot help, and what a handler throws.
 */
export async function follow<Data, Variables>(
  run: Transport["run"],
  options: FollowOptions<Data, Variables>,
  closed: AbortSignal,
): Promise<void> {
  const signal = options.signal ? AbortSignal.any([options.signal, closed]) : closed;
  const backoff = createBackoff(options.backoff ?? DEFAULT_BACKOFF);
  const report = reporter(options.onStatus);
  report("connecting");
  let cursor = options.after ?? null;
  try {
    while (!signal.aborted) {
      const ended = await followOnce(run, options, cursor, signal, () => {
        backoff.reset();
        report("live");
      });
      cursor = ended.cursor;
      if (ended.kind === "overflowed" || signal.aborted) continue;
      const error = ended.kind === "ended" ? ended.error : undefined;
      if (isPermanent(error)) throw error;
      if (ended.kind === "resync") {
        const { cursor: at, reason } = ended;
        cursor = (await retry(async () => options.onResync(at, reason), { signal })) ?? at;
      }
      const wait = Math.max(backoff.next(), retryAfterMs(error) ?? 0);
      report(backoff.failures >= OFFLINE_AFTER_FAILURES ? "offline" : "reconnecting");
      // After a lost connection the transport itself keeps the wait.
      if (!(error instanceof TransportError)) await delay(wait, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    report("offline");
  }
}

function reporter(onStatus: ((status: Status) => void) | undefined): (status: Status) => void {
  let last: Status | undefined;
  return (status) => {
    if (status === last) return;
    last = status;
    onStatus?.(status);
  };
}
