import { agentLifecycle } from "@muster/domain/agent-lifecycle.ts";
import { finalStates } from "@muster/domain/lifecycle.ts";
import type { LoggedEvent } from "@muster/events/event.ts";
import type { Feed } from "@muster/events/feed.ts";

/**
 * What an event did to credentials: to a key, a session, or to all that stand for a person or an agent. `id` is its UUID. ENDED: what
 * stands on it works no more. CHANGED: look it up again, it may mean something else, or no longer work. EXPIRES: it ends at this time.
 */
export type CredentialChange =
  | { readonly id: string; readonly kind: "ENDED" | "CHANGED" }
  | { readonly id: string; readonly kind: "EXPIRES"; readonly at: Date };

/** What a credential that was looked up stands on: when one of these changes or the time comes, so does what it may do. */
export interface Standing {
  /** UUIDs: the session, its key or the key itself, and the person or agent. */
  readonly ids: readonly string[];
  readonly expiresAt: Date | null;
}

/** Called with the changes of a page of events, in their order; with null when changes may have been passed over. */
export type CredentialChangesListener = (changes: readonly CredentialChange[] | null) => void;

const ENDED_AGENT: ReadonlySet<unknown> = new Set(finalStates(agentLifecycle));

/**
 * Calls `listener` with every change of credentials as the feed brings it, on any replica, before the subscribers of this process
 * get an event of the same page; whoever replays is never ahead of it. Returns what ends that.
 */
export function observeCredentialChanges(feed: Feed, listener: CredentialChangesListener): () => void {
  return feed.tail.beforeEvents((events) => {
    if (events.length === 0) return listener(null);
    const changes = events.flatMap(credentialChangesOf);
    if (changes.length > 0) listener(changes);
  });
}

/** What the event did to credentials. */
export function credentialChangesOf({ type, subjectId, payload }: LoggedEvent): readonly CredentialChange[] {
  switch (type) {
    case "session.ended":
    case "api_key.revoked":
    case "user.disabled":
      return [{ id: subjectId, kind: "ENDED" }];
    case "api_key.rotated": {
      const at = new Date(String(fieldOf(payload, "expiresAt")));
      return [Number.isNaN(at.getTime()) ? { id: subjectId, kind: "CHANGED" } : { id: subjectId, kind: "EXPIRES", at }];
    }
    // Not all of the agent: its new key may be in use already.
    case "agent.key_rotated":
      return idsIn(fieldOf(payload, "keyIds")).map((id) => ({ id, kind: "ENDED" }));
    case "membership.granted":
    case "membership.changed":
    case "membership.revoked":
      return idsIn([fieldOf(payload, "userId")]).map((id) => ({ id, kind: "CHANGED" }));
    case "agent.transitioned":
      return ENDED_AGENT.has(fieldOf(payload, "to")) ? [{ id: subjectId, kind: "ENDED" }] : [];
    default:
      return [];
  }
}

function idsIn(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((id) => typeof id === "string") : [];
}

function fieldOf(payload: unknown, name: string): unknown {
  return typeof payload === "object" && payload !== null ? (payload as Record<string, unknown>)[name] : undefined;
}
