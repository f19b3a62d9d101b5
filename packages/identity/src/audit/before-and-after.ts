import type { LoggedEvent } from "@muster/events/event.ts";

/** What an event changed: the fields as they were and as they are. null where it says nothing of the kind. */
export interface BeforeAndAfter {
  readonly before: unknown;
  readonly after: unknown;
}

/** Reads before and after from an event: of a transition these are the states. */
export function beforeAndAfter({ payload }: Pick<LoggedEvent, "payload">): BeforeAndAfter {
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) return { before: null, after: null };
  const { before = null, after = null, from, to } = payload as Record<string, unknown>;
  if (before !== null || after !== null || to === undefined) return { before, after };
  return { before: from === undefined || from === null ? null : { state: from }, after: { state: to } };
}
