import { createHash } from "node:crypto";
import { formatId, parseId } from "./ids.ts";

export const API_KEY_KINDS = ["admin", "agent", "program"] as const;
export type ApiKeyKind = (typeof API_KEY_KINDS)[number];

const CHECKSUM_LENGTH = 6;
const SHAPE = /^mst_([a-z]+)_([0-9a-z]{26})_([A-Za-z0-9-]{43})([0-9a-f]{6})$/;

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * The text of an API key, `mst_<kind>_<id>_<secret><checksum>`: recognisable to secret scanners, and a mistyped one is
 * refused without a look-up. `secret`: 32 random bytes.
 */
export function formatApiKey(kind: ApiKeyKind, keyUuid: string, secret: Uint8Array): string {
  const id = formatId("apiKey", keyUuid).slice("key_".length);
  const body = `mst_${kind}_${id}_${Buffer.from(secret).toString("base64url").replaceAll("_", "-")}`;
  return body + sha256(body).slice(0, CHECKSUM_LENGTH);
}

/** The kind, id (UUID) and hash of a key's text, or null when it is malformed or its checksum is wrong. */
export function parseApiKey(key: string): { kind: ApiKeyKind; id: string; hash: string } | null {
  const match = SHAPE.exec(key);
  const id = match ? parseId("apiKey", `key_${match[2]}`) : null;
  const kind = API_KEY_KINDS.find((known) => known === match?.[1]);
  if (!match || !id || !kind) return null;
  const body = key.slice(0, -CHECKSUM_LENGTH);
  return sha256(body).startsWith(match[4] ?? "-") ? { kind, id, hash: hashApiKey(key) } : null;
}

/** What is stored of a key. The secret has 256 random bits, so one round of SHA-256 (hex) is enough. */
export function hashApiKey(key: string): string {
  return sha256(key);
}
