import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { withPasswordWork } from "./password-work.ts";

const derive = promisify(argon2);

interface Cost {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** The first choice of OWASP's Password Storage Cheat Sheet. */
export const PASSWORD_COST: Cost = { memory: 19_456, passes: 2, parallelism: 1 };

const HASH_BYTES = 32;
const PHC = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** A password as it counts: however it was typed, composed or not. */
export function normalizedPassword(password: string): string {
  return password.normalize("NFKC");
}

/** The hash of a password for the database: Argon2id as a PHC string, with a salt of its own. Throws `LimitExceeded` when too many wait. */
export async function hashPassword(password: string, cost = PASSWORD_COST): Promise<string> {
  const salt = randomBytes(16);
  const hash = await hashOf(password, salt, cost, HASH_BYTES);
  const { memory, passes, parallelism } = cost;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(hash)}`;
}

/**
 * Whether the password is the one that was hashed. Without a hash the answer is no, after the same work: nobody learns from the
 * time that an account does not exist or has no password. Throws `LimitExceeded` when too many wait.
 */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const { cost, salt, hash } = stored === null ? NOBODY : parsed(stored);
  const actual = await hashOf(password, salt, cost, hash.length);
  return timingSafeEqual(actual, hash) && stored !== null;
}

/** Whether the hash was made with other costs than today's. */
export function isOutdated(stored: string): boolean {
  const { cost } = parsed(stored);
  return (
    cost.memory !== PASSWORD_COST.memory ||
    cost.passes !== PASSWORD_COST.passes ||
    cost.parallelism !== PASSWORD_COST.parallelism
  );
}

const NOBODY = { cost: PASSWORD_COST, salt: randomBytes(16), hash: randomBytes(HASH_BYTES) };

function parsed(stored: string): { readonly cost: Cost; readonly salt: Buffer; readonly hash: Buffer } {
  const [, memory, passes, parallelism, salt, hash] = PHC.exec(stored) ?? [];
  if (salt === undefined || hash === undefined) throw new Error("A stored password hash is damaged.");
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  return { cost, salt: Buffer.from(salt, "base64"), hash: Buffer.from(hash, "base64") };
}

function hashOf(password: string, nonce: Buffer, cost: Cost, tagLength: number): Promise<Buffer> {
  // In libuv's threads: the event loop goes on.
  return withPasswordWork(() =>
    derive("argon2id", { message: normalizedPassword(password), nonce, tagLength, ...cost }),
  );
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
