export const EVENT_KINDS = ["transitions", "tasks", "contexts"] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** The types of events of each kind, as the API filters by them. */
const TYPES: Readonly<Record<EventKind, readonly string[]>> = {
  transitions: [
    "agent.registered",
    "agent.connected",
    "agent.transitioned",
    "agent.drain_requested",
    "agent.drain_cancelled",
    "agent.key_rotated",
    "agent.updated",
    "agent.rolled_back",
  ],
  tasks: ["task.transitioned"],
  contexts: [
    "context.opened",
    "context.updated",
    "context.version_written",
    "context.version_released",
    "context.version_pinned",
    "context.version_unpinned",
    "context.versions_pruned",
    "context.rollback_confirmed",
    "context.rollback_agent_dropped",
    "context.rollback_retried",
    "context.rollback_settled",
  ],
};

/** What to ask the API for; null is every type there is, also those that are new here. */
export function typesOf(kinds: readonly EventKind[]): string[] | null {
  return kinds.length === EVENT_KINDS.length ? null : kinds.flatMap((kind) => TYPES[kind]);
}

/** The kinds that an address names; all of them when it names none. */
export function kindsIn(text: string | undefined): readonly EventKind[] {
  const named = new Set(text?.split(","));
  const kinds = EVENT_KINDS.filter((kind) => named.has(kind));
  return kinds.length === 0 ? EVENT_KINDS : kinds;
}

export function kindsText(kinds: readonly EventKind[]): string {
  return EVENT_KINDS.filter((kind) => kinds.includes(kind)).join(",");
}

/** Shows or hides a kind. Hiding the last one shows all. */
export function toggled(kinds: readonly EventKind[], kind: EventKind): readonly EventKind[] {
  const next = EVENT_KINDS.filter((each) => kinds.includes(each) !== (each === kind));
  return next.length === 0 ? EVENT_KINDS : next;
}
