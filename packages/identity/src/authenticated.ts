import type { Actor } from "@muster/domain/actor.ts";
import type { Standing } from "./credential-changes.ts";

/** What a credential that works stands for. */
export interface Authenticated {
  readonly actor: Actor;
  /** The UUID of the API key or session, as events name it; null for a certificate. */
  readonly credentialId: string | null;
  /** What it hangs on, and until when. */
  readonly standing: Standing;
  /** It stands for someone whose reach may grow without an event that says so: its answer is not kept for long. */
  readonly brief?: boolean;
  /** It is a short-lived token of the key or session. */
  readonly isToken?: true;
}

/** Whether a look-up may be answered from what is remembered, or has to ask the database. */
export type Freshness = "RECENT" | "FRESH";

/** When something ends that has so many milliseconds more, as of a question that was asked at `askedAt`; null: never. */
export function endOf(askedAt: number, remainingMs: number | null): Date | null {
  return remainingMs === null ? null : new Date(askedAt + remainingMs);
}

/** The earlier end of two. */
export function earlier(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}
