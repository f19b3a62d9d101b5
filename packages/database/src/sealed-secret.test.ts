import { randomBytes } from "node:crypto";
import { WrongEncryptionKey } from "@muster/domain/errors.ts";
import { describe, expect, it } from "vitest";
import { openSecret, parseEncryptionKey, sealPrefix, sealSecret } from "./sealed-secret.ts";

const key = randomBytes(32);
const secret = randomBytes(32);

describe("a sealed secret", () => {
  it("opens with the key and for the owner that it was sealed with, and shows nothing of itself", () => {
    const sealed = sealSecret(key, "one", secret);
    expect(openSecret(key, "one", sealed)).toEqual(secret);
    expect(sealed).not.toBe(sealSecret(key, "one", secret));
    expect(sealed).not.toContain(secret.toString("base64url"));
  });

  it("says that it was another key", () => {
    expect(() => openSecret(randomBytes(32), "one", sealSecret(key, "one", secret))).toThrow(WrongEncryptionKey);
  });

  it("opens with any of several keys, and is sealed with the newest", () => {
    const old = sealSecret(key, "one", secret);
    const newest = randomBytes(32);
    const both = [newest, key];
    expect(openSecret(both, "one", old)).toEqual(secret);
    const anew = sealSecret(both, "one", secret);
    expect(openSecret(newest, "one", anew)).toEqual(secret);
    expect(() => openSecret(key, "one", anew)).toThrow(WrongEncryptionKey);
    expect([old, anew].map((sealed) => sealed.startsWith(sealPrefix(both)))).toEqual([false, true]);
    expect(() => sealSecret([], "one", secret)).toThrow(TypeError);
  });

  it.each([
    ["belongs to another owner", (sealed: string) => openSecret(key, "two", sealed)],
    [
      "was changed",
      (sealed: string) => openSecret(key, "one", `${sealed.slice(0, 25)}${flipped(sealed[25])}${sealed.slice(26)}`),
    ],
    ["was cut off", (sealed: string) => openSecret(key, "one", sealed.slice(0, 24))],
    ["is none", () => openSecret(key, "one", "secret")],
  ])("does not open when it %s", (_why, open) => {
    expect(() => open(sealSecret(key, "one", secret))).toThrow(Error);
  });
});

function flipped(character: string | undefined): string {
  return character === "A" ? "B" : "A";
}

describe("parseEncryptionKey", () => {
  it("reads 32 bytes in base64, and nothing else", () => {
    expect(parseEncryptionKey(`${key.toString("base64")}\n`)).toEqual(key);
    for (const text of ["", key.toString("hex"), randomBytes(16).toString("base64"), `${key.toString("base64")}AA==`]) {
      expect(parseEncryptionKey(text)).toBeNull();
    }
  });
});
