import type { CombinedError } from "urql";
import type { ListedEvent } from "#events/log/event-source.ts";
import type { Row, Stretch } from "#events/log/stretch.ts";

export type Reading = "idle" | "loading" | "failed";

/** What a list of events shows. */
export interface LogState {
  /** Whether there is an answer. */
  readonly ready: boolean;
  /** There is no such agent or project. */
  readonly missing: boolean;
  /** How often it has begun anew: at an end, or around an event. */
  readonly begun: number;
  /** The newest first, without a gap. */
  readonly rows: readonly Row<ListedEvent>[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  readonly older: Reading;
  readonly newer: Reading;
  /** How many newer events have come that are not among the rows. */
  readonly waiting: number;
  /** How many of these are not in memory: they are read again when they are wanted. */
  readonly skipped: number;
  /** Why nothing can be read; asking goes on by itself. */
  readonly error: CombinedError | undefined;
}

export const NOTHING_YET: LogState = {
  ready: false,
  missing: false,
  begun: 0,
  rows: [],
  hasOlder: false,
  hasNewer: false,
  older: "idle",
  newer: "idle",
  waiting: 0,
  skipped: 0,
  error: undefined,
};

export const EMPTY_STRETCH: Stretch<ListedEvent> = {
  rows: [],
  hasOlder: false,
  hasNewer: false,
  olderCursor: null,
  newerCursor: null,
};
