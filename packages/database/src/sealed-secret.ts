import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { WrongEncryptionKey } from "@muster/domain/errors.ts";

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SHAPE = /^v1\.([0-9a-f]{16})\.([A-Za-z0-9_-]+)$/;

/** The bytes of a key for sealing. */
export const ENCRYPTION_KEY_BYTES = 32;

/** A key for sealing, or several while it changes, the newest first: that one seals, and each opens what it has sealed. */
export type EncryptionKey = Uint8Array | readonly Uint8Array[];

/** The bytes of a key in base64; null for anything else. */
export function parseEncryptionKey(text: string): Uint8Array | null {
  const bytes = Buffer.from(text.trim(), "base64");
  return bytes.length === ENCRYPTION_KEY_BYTES && bytes.toString("base64") === text.trim() ? bytes : null;
}

/**
 * Seals a secret for the database by AES-256-GCM (NIST SP 800-38D): "v1.", which key it was, ".", base64url of nonce,
 * ciphertext and tag. It opens with the same key and the same `owner` only, so it is of no use in another row.
 */
export function sealSecret(key: EncryptionKey, owner: string, secret: Uint8Array): string {
  const newest = newestOf(key);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, newest, nonce).setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  return `${sealPrefix(newest)}${sealed.toString("base64url")}`;
}

/** Opens what `sealSecret` gave. Throws `WrongEncryptionKey`, or a plain error when it was changed or is another owner's. */
export function openSecret(key: EncryptionKey, owner: string, sealed: string): Buffer {
  const [, keyOfSeal, text] = SHAPE.exec(sealed) ?? [];
  if (keyOfSeal === undefined || text === undefined) throw new Error("The sealed secret is damaged.");
  const opening = keysOf(key).find((each) => fingerprint(each) === keyOfSeal);
  if (!opening) throw new WrongEncryptionKey();
  const bytes = Buffer.from(text, "base64url");
  const decipher = createDecipheriv(CIPHER, opening, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(owner))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}

/** What begins everything that the newest of the keys seals, and nothing that another one did. */
export function sealPrefix(key: EncryptionKey): string {
  return `v1.${fingerprint(newestOf(key))}.`;
}

/** All of them, the newest first. */
export function keysOf(key: EncryptionKey): readonly Uint8Array[] {
  return key instanceof Uint8Array ? [key] : key;
}

function newestOf(key: EncryptionKey): Uint8Array {
  const [newest] = keysOf(key);
  if (!newest) throw new TypeError("There is no encryption key.");
  return newest;
}

/** Tells keys apart, and nothing about them. */
function fingerprint(key: Uint8Array): string {
  return createHash("sha256").update("muster encryption key").update(key).digest("hex").slice(0, 16);
}
