/** What a resumable subscription delivers; a document selects `__typename` and `cursor` of each. */
export type Frame<Event> =
  | { readonly __typename: "EventDelivery"; readonly cursor: string; readonly event: Event }
  | { readonly __typename: "Bookmark"; readonly cursor: string; readonly caughtUp: boolean }
  | { readonly __typename: "ResyncRequired"; readonly cursor: string; readonly reason: ResyncReason };

export type ResyncReason = MissedReason | "SLOW_CONSUMER";

/** The cursor is older than retention, or was never given out here (another database, a restored one): events were missed. */
export type MissedReason = "CURSOR_EXPIRED" | "CURSOR_UNKNOWN";

/** The event type that a document's frames carry. */
export type EventOf<Data> = Extract<Data[keyof Data], { readonly event: unknown }>["event"];

/** The frame in a result: the value of its only field. @throws TypeError when the document does not ask for enough. */
export function frameOf<Event>(data: unknown): Frame<Event> {
  const frame = Object.values((data ?? {}) as Record<string, Partial<Frame<Event>> | null>)[0];
  if (frame?.__typename === undefined || typeof frame.cursor !== "string") {
    throw new TypeError("A document to follow must select __typename and cursor of every kind of frame.");
  }
  return frame as Frame<Event>;
}
