import type { FollowOptions } from "./follow.ts";
import { type EventOf, type Frame, frameOf, type MissedReason } from "./frames.ts";
import { createQueue } from "./queue.ts";
import type { Transport } from "./transport.ts";

/** Why a subscription ended, and the cursor of the last frame that was handled. */
export type FollowEnd =
  | { readonly kind: "ended"; readonly cursor: string | null; readonly error: unknown }
  | { readonly kind: "overflowed"; readonly cursor: string | null }
  | { readonly kind: "resync"; readonly cursor: string; readonly reason: MissedReason };

/**
 * One subscription from `after` until it ends for whatever reason and every frame received has been handled, in order, so
 * that the cursor answered is exactly where the next one has to continue. @throws what a handler throws.
 */
export async function followOnce<Data, Variables>(
  run: Transport["run"],
  options: FollowOptions<Data, Variables>,
  after: string | null,
  signal: AbortSignal,
  onProgress: () => void,
): Promise<FollowEnd> {
  const limit = options.maxBuffered ?? 1_000;
  const stop = new AbortController();
  const received = createQueue<unknown>();
  let overflowed = false;
  let failure: unknown;
  const receive = (data: unknown) => {
    received.push(data);
    overflowed ||= received.length >= limit;
    if (overflowed) stop.abort();
  };
  const end = AbortSignal.any([signal, stop.signal]);
  const running = run(options.document.toString(), { ...options.variables, after }, receive, end)
    .catch((error: unknown) => {
      failure = error;
    })
    .finally(received.end);
  let cursor = after;
  try {
    for (let next = await received.take(); next && !signal.aborted; next = await received.take()) {
      const frame = frameOf<EventOf<Data>>(next.value);
      if (frame.__typename === "ResyncRequired") {
        const { cursor: at, reason } = frame;
        if (reason !== "SLOW_CONSUMER") return { kind: "resync", cursor: at, reason };
        // Nothing is lost. What was handled counts, whatever the server believes to have been taken.
        return { kind: "ended", cursor: cursor ?? at, error: undefined };
      }
      onProgress();
      await handle(frame, options);
      cursor = frame.cursor;
    }
    return overflowed ? { kind: "overflowed", cursor } : { kind: "ended", cursor, error: failure };
  } finally {
    stop.abort();
    await running;
  }
}

function handle<Data, Variables>(
  frame: Exclude<Frame<EventOf<Data>>, { __typename: "ResyncRequired" }>,
  options: FollowOptions<Data, Variables>,
): void | Promise<void> {
  return frame.__typename === "EventDelivery"
    ? options.onEvent(frame.event, frame.cursor)
    : options.onBookmark?.(frame.cursor, frame.caughtUp);
}
