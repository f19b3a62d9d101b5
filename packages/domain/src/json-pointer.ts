import type { Json } from "./json.ts";

const SYNTAX = /^(\/([^~/]|~[01])*)*$/u;
const LONGEST = 4096;
const INDEX = /^(0|[1-9]\d{0,8})$/;

/** The reference tokens of a JSON Pointer (RFC 6901), or null when it is malformed or longer than
 * 4,096 characters. `""` is the whole document: no tokens. */
export function parsePointer(pointer: string): string[] | null {
  if (pointer.length > LONGEST || !SYNTAX.test(pointer)) return null;
  return pointerTokens(pointer);
}

/** The same of a pointer that `formatPointer` made, however long. */
export function pointerTokens(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The JSON Pointer of these reference tokens. */
export function formatPointer(tokens: readonly (string | number)[]): string {
  return tokens.map((token) => `/${String(token).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The list index that a token names, or null: digits only, no leading zero. */
export function listIndex(token: string): number | null {
  return INDEX.test(token) ? Number(token) : null;
}

/**
 * The value that the tokens lead to, or undefined where there is none. Looks at own members only, so that `constructor`
 * is a key like any other.
 */
export function valueAt(document: Json, tokens: readonly string[]): Json | undefined {
  let value: Json | undefined = document;
  for (const token of tokens) {
    if (typeof value !== "object" || value === null) return undefined;
    if (Array.isArray(value)) {
      const index = listIndex(token);
      value = index === null ? undefined : (value as readonly Json[])[index];
    } else {
      value = Object.hasOwn(value, token) ? (value as { readonly [key: string]: Json })[token] : undefined;
    }
  }
  return value;
}
