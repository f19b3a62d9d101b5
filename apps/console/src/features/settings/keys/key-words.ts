import type { ApiKeyKind, ApiKeyState } from "#api/generated/graphql.ts";

export const KEY_STATE_WORDS: Readonly<Record<ApiKeyState, string>> = {
  ACTIVE: "Active",
  EXPIRED: "Expired",
  REVOKED: "Revoked",
};

/** What a key is for. */
export const KEY_KIND_WORDS: Readonly<Record<ApiKeyKind, string>> = {
  PROGRAM: "Program",
  AGENT: "Agent",
  ADMIN: "Admin",
};

const DAY_MS = 86_400_000;

/** For how long a new key works: by a word for the form, in days. */
export const LIFETIMES = {
  "30": "30 days",
  "90": "90 days",
  "365": "1 year",
  never: "Until it is revoked",
} as const;
export type Lifetime = keyof typeof LIFETIMES;

/** When a key ends that is made at a time. */
export function expiryOf(lifetime: Lifetime, now: number): string | null {
  return lifetime === "never" ? null : new Date(now + Number(lifetime) * DAY_MS).toISOString();
}

/** For how long the old key goes on working beside a new one, in seconds. */
export const OVERLAPS = {
  "0": "Not at all: it ends now",
  "3600": "1 hour",
  "86400": "1 day",
  "604800": "7 days",
} as const;
export type Overlap = keyof typeof OVERLAPS;
