import { createHash, randomBytes } from "node:crypto";

/** The base64url of 32 bytes. */
const SHAPE = /^[A-Za-z0-9_-]{43}$/;

/** The secret of a new sign-in link or session: 32 random bytes, base64url. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/**
 * What is stored of a token, or null for a text that is none. It has 256 random bits, so one round of SHA-256 (hex) is
 * enough, and looking it up by that hash tells nothing about it.
 */
export function hashToken(token: string): string | null {
  return SHAPE.test(token) ? createHash("sha256").update(token).digest("hex") : null;
}
