import type { InputIssue } from "#api/input-issues.ts";

const REASONS: readonly (readonly [test: RegExp, says: string])[] = [
  [/^Int cannot represent non 32-bit/, "is too large a number."],
  [/^Int cannot represent/, "must be a whole number."],
  [/^Float cannot represent/, "must be a number."],
  [/^(String|ID) cannot represent/, "must be a text."],
  [/^Boolean cannot represent/, "must be true or false."],
  [/ to be an object/, "must be an object."],
  [/ to be non-null| not to be null/, "must not be null."],
  [/enum/i, "is none of the values that it can have."],
];

/**
 * What is of the wrong type in an input that somebody wrote as JSON, for a form to say. GraphQL refuses it before the API looks at
 * it, in words for programmers. Empty when the errors are about something else.
 */
export function typeIssuesOf(messages: readonly string[]): readonly InputIssue[] {
  return messages.flatMap((message) => issueIn(message) ?? []);
}

function issueIn(message: string): InputIssue | null {
  // The value comes first, and may hold anything.
  const [, place, reason = ""] =
    /^Variable "\$input" got invalid value .* at "input((?:\.\w+)*)"; (.+)$/s.exec(message) ?? [];
  if (place === undefined) return null;
  const path = place.split(".").filter((name) => name !== "");
  const [, missing] = /to include required field "(\w+)"/.exec(reason) ?? [];
  if (missing !== undefined) return { path: [...path, missing], message: "is missing." };
  const [, unknown] = /not to include unknown field "([^"]+)"/.exec(reason) ?? [];
  if (unknown !== undefined) return { path: [...path, unknown], message: "is not known here." };
  const says = REASONS.find(([test]) => test.test(reason))?.[1] ?? "is not of the right type.";
  return { path, message: says };
}
