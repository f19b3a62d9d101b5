import { createHash, randomBytes } from "node:crypto";

const CODES = 10;
/** Without letters that look like digits. */
const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
const LENGTH = 16;

/** New recovery codes for a person: shown once. Each has 79 random bits. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: CODES }, () => grouped(Array.from({ length: LENGTH }, randomLetter).join("")));
}

/** What is stored of a code, or null for a text that is none. Case, spaces and dashes do not matter. */
export function hashRecoveryCode(code: string): string | null {
  const letters = code.toLowerCase().replaceAll(/[\s-]/g, "");
  if (letters.length !== LENGTH || ![...letters].every((letter) => ALPHABET.includes(letter))) return null;
  return createHash("sha256").update(letters).digest("hex");
}

function randomLetter(): string {
  for (;;) {
    const [byte = 255] = randomBytes(1);
    // Beyond the last full round some letters would come more often.
    if (byte < 256 - (256 % ALPHABET.length)) return ALPHABET.charAt(byte % ALPHABET.length);
  }
}

function grouped(letters: string): string {
  return letters.match(/.{4}/g)?.join("-") ?? letters;
}
