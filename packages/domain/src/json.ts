import type { InputIssue } from "./errors.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface JsonLimits {
  /** How deep lists and objects may nest. */
  readonly depth: number;
  /** Size in bytes of the compact UTF-8 text. */
  readonly bytes: number;
}

export const DEFAULT_JSON_LIMITS: JsonLimits = { depth: 100, bytes: 1_048_576 };

// oxlint-disable-next-line no-control-regex -- NUL is exactly what is looked for: Postgres cannot store it
const NUL = /\u0000/;

/** Why this text cannot be stored, or null: Postgres has no NUL, and UTF-8 no lone surrogates. */
export function textProblem(text: string): string | null {
  if (NUL.test(text)) return "must not contain the NUL character.";
  return text.isWellFormed() ? null : "must not contain half of a surrogate pair.";
}

/**
 * What keeps a value from being stored and read back as the same JSON; empty when nothing does. Iterative, so that
 * nesting cannot exhaust the stack, and it stops at the first 20 issues.
 */
export function jsonIssues(value: unknown, path: readonly string[] = [], limits = DEFAULT_JSON_LIMITS): InputIssue[] {
  const issues: InputIssue[] = [];
  const stack: { value: unknown; path: readonly string[]; depth: number }[] = [{ value, path, depth: 0 }];
  for (let item = stack.pop(); item && issues.length < 20; item = stack.pop()) {
    const { value: current, path: at, depth } = item;
    const problem = scalarProblem(current);
    if (problem !== null) issues.push({ path: at, message: problem });
    if (typeof current !== "object" || current === null || problem !== null) continue;
    if (depth >= limits.depth) return [{ path, message: `must not nest deeper than ${limits.depth} levels.` }];
    for (const [key, child] of Object.entries(current)) {
      const keyIssue = key === "__proto__" ? "must not have a key named __proto__." : textProblem(key);
      if (keyIssue !== null) issues.push({ path: at, message: keyIssue });
      else stack.push({ value: child, path: [...at, key], depth: depth + 1 });
    }
  }
  if (issues.length === 0 && value !== undefined) {
    const bytes = Buffer.byteLength(JSON.stringify(value));
    if (bytes > limits.bytes) {
      return [{ path, message: `must be at most ${limits.bytes} bytes as JSON; it has ${bytes}.` }];
    }
  }
  return issues;
}

function scalarProblem(value: unknown): string | null {
  switch (typeof value) {
    case "string":
      return textProblem(value);
    case "number":
      if (!Number.isFinite(value)) return "must be a finite number.";
      return Number.isInteger(value) && !Number.isSafeInteger(value)
        ? "must not be a whole number beyond 2^53 - 1: it would lose digits. Send it as text."
        : null;
    case "boolean":
      return null;
    case "object":
      return value === null || Array.isArray(value) || isPlainObject(value) ? null : "must be plain JSON.";
    default:
      return "must be plain JSON.";
  }
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
