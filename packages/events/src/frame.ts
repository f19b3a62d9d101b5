import type { LoggedEvent } from "./event.ts";

/** What a subscription delivers. `cursor` continues exactly after the frame, on any replica. */
export type Frame = EventDelivery | Bookmark | ResyncRequired;

/** The same object for every live subscriber of the event, so that work on it can be shared. */
export interface EventDelivery {
  readonly kind: "EventDelivery";
  readonly cursor: string;
  readonly event: LoggedEvent;
}

/** Closes a batch: all before it is whole transactions. `caughtUp` turns true when replay has reached the present. */
export interface Bookmark {
  readonly kind: "Bookmark";
  readonly cursor: string;
  readonly caughtUp: boolean;
}

/** The last frame: read the state again, then subscribe after `cursor`. */
export interface ResyncRequired {
  readonly kind: "ResyncRequired";
  readonly cursor: string;
  readonly reason: ResyncReason;
}

export const RESYNC_REASONS = ["CURSOR_EXPIRED", "CURSOR_UNKNOWN", "SLOW_CONSUMER"] as const;
export type ResyncReason = (typeof RESYNC_REASONS)[number];

/** Makes the frame of an event; its cursor is worked out when somebody reads it. */
export function eventDelivery(event: LoggedEvent, cursorAt: (lastId: string) => string): EventDelivery {
  let cursor: string | undefined;
  return {
    kind: "EventDelivery",
    get cursor() {
      return (cursor ??= cursorAt(event.id));
    },
    event,
  };
}
