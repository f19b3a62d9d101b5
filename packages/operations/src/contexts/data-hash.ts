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
  const text = canonicalize(data);
  if (text === undefined) throw new TypeError("Only JSON has a canonical form.");
  return { data, text, sizeBytes: Buffer.byteLength(text), hash: hashOfText(text) };
}

/** SHA-256 (hex). */
export function hashOfText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
