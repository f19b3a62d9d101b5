import type { Json } from "@muster/domain/json.ts";
import canonicalize from "canonicalize";
import { createHash } from "node:crypto";

/** Data, its canonical JSON text, that text's size in bytes, and its hash. */
export interface PreparedData {
  readonly data: Json;
  readonly text: string;
  readonly sizeBytes: number;
  /** SHA-256 (hex) of the canonical JSON text (RFC 8785): equal data has equal hashes, whatever the order of its keys. */
  readonly hash: string;
}

/** Prepares data that has passed `jsonIssues`. */
export function prepareData(data: Json): PreparedData {
  // JSON.stringify writes numbers and texts as RFC 8785 wants them, at a fraction of the time.
  const text = isInOrder(data) ? JSON.stringify(data) : canonicalize(data);
  if (text === undefined) throw new TypeError("Only JSON has a canonical form.");
  return { data, text, sizeBytes: Buffer.byteLength(text), hash: hashOfText(text) };
}

/** Whether the keys of all objects come in the order of their canonical form, as in data that was stored in it. */
function isInOrder(data: Json): boolean {
  if (typeof data === "number") return Number.isFinite(data);
  if (typeof data !== "object" || data === null) return data !== undefined;
  if (Array.isArray(data)) return data.every(isInOrder);
  let previous: string | null = null;
  for (const key of Object.keys(data)) {
    if (previous !== null && key < previous) return false;
    if (!isInOrder((data as { readonly [key: string]: Json })[key] as Json)) return false;
    previous = key;
  }
  return true;
}

/** SHA-256 (hex). */
export function hashOfText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
