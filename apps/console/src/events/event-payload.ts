import type { EventLineFragment } from "#api/generated/graphql.ts";

/** One type of event, as the fragment reads it. */
export type EventOfType<Name extends EventLineFragment["__typename"]> = Extract<
  EventLineFragment,
  { readonly __typename: Name }
>;

type Said = Pick<EventLineFragment, "reason" | "actor">;

/** Why it was done: quoted when a person or a person's program said it, told plainly when Muster or an agent did. */
export function reasonText({ reason, actor }: Said): string | null {
  if (reason === null || reason === "") return null;
  return actor.kind === "USER" || actor.kind === "API_KEY" ? quoted(reason) : reason;
}

export function quoted(text: string): string {
  return `“${text}”`;
}

/** What a payload has under a key: the value when it has the type that is expected, else undefined. */
export function textIn(payload: unknown, key: string): string | undefined {
  const value = valueIn(payload, key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function numberIn(payload: unknown, key: string): number | undefined {
  const value = valueIn(payload, key);
  return typeof value === "number" ? value : undefined;
}

export function listIn(payload: unknown, key: string): readonly (string | number)[] {
  const value = valueIn(payload, key);
  return Array.isArray(value) ? value.filter((each) => typeof each === "string" || typeof each === "number") : [];
}

export function valueIn(payload: unknown, key: string): unknown {
  return typeof payload === "object" && payload !== null ? (payload as Record<string, unknown>)[key] : undefined;
}
