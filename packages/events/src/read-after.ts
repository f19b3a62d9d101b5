import type { Connection } from "@muster/database/database.ts";
import { decodeCursor, encodeCursor, pageCursors } from "./cursor.ts";
import type { LoggedEvent } from "./event.ts";
import type { ResyncReason } from "./frame.ts";
import { locateCursor, presentCursor } from "./locate.ts";
import { type BatchOptions, readBatch } from "./read-batch.ts";
import { EventsRemoved } from "./retention-bound.ts";

/** A page of what comes after a cursor; or why nothing can be said of that, with the present cursor. */
export type ReadAfter =
  | {
      /** In the feed's order, each with the cursor right after it. */
      readonly events: readonly { readonly event: LoggedEvent; readonly cursor: string }[];
      /** Where to go on. */
      readonly cursor: string;
      /** There is no more for now. */
      readonly complete: boolean;
    }
  | { readonly reason: Exclude<ResyncReason, "SLOW_CONSUMER">; readonly cursor: string };

/**
 * Reads one page of the feed after `cursor`, for a reader that keeps its cursor itself, with what it has made of the events.
 * Each event comes once, those of one subject in the order of its versions.
 */
export async function readAfter(connection: Connection, cursor: string, options: BatchOptions): Promise<ReadAfter> {
  const located = await locateCursor(connection, cursor, options.place, options.evenIfRemoved);
  if ("reason" in located) return located;
  const { position } = located;
  const installation = decodeCursor(cursor)?.installation ?? "";
  try {
    const batch = await readBatch(connection, position, options);
    const cursorAt = pageCursors(installation, position.snapshot, batch.target);
    return {
      events: batch.events.map((event) => ({ event, cursor: cursorAt(event.id) })),
      cursor: encodeCursor(installation, batch.position.snapshot, batch.position.page),
      // Inside a batch the reader is heading for what was the present when the batch began.
      complete: batch.complete && position.page === null,
    };
  } catch (error) {
    if (!(error instanceof EventsRemoved)) throw error;
    return { reason: "CURSOR_EXPIRED", cursor: await presentCursor(connection) };
  }
}
