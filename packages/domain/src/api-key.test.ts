import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { API_KEY_KINDS, formatApiKey, hashApiKey, parseApiKey } from "./api-key.ts";

const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe("API keys", () => {
  it("read back their kind, id and hash", () => {
    fc.assert(
      fc.property(fc.constantFrom(...API_KEY_KINDS), fc.uuid(), secrets, (kind, id, secret) => {
        const key = formatApiKey(kind, id, secret);
        expect(key).toMatch(/^mst_(admin|agent|program)_[0-9a-z]{26}_[A-Za-z0-9-]{43}[0-9a-f]{6}$/);
        expect(parseApiKey(key)).toEqual({ kind, id, hash: hashApiKey(key) });
      }),
    );
  });

  it("are refused after a slip of one character", () => {
    const key = formatApiKey("agent", "018f3d5a-0000-7000-8000-000000000000", new Uint8Array(32).fill(7));
    for (let at = 0; at < key.length; at++) {
      const slipped = `${key.slice(0, at)}${key[at] === "x" ? "y" : "x"}${key.slice(at + 1)}`;
      expect(parseApiKey(slipped), slipped).toBeNull();
    }
  });

  it("are refused when malformed", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseApiKey(text)).toBeNull();
      }),
    );
    const key = formatApiKey("admin", "018f3d5a-0000-7000-8000-000000000000", new Uint8Array(32));
    for (const text of ["", `${key} `, ` ${key}`, `${key}\n`, key.slice(1), key.toUpperCase()])
      expect(parseApiKey(text)).toBeNull();
  });

  it("do not show the secret in what is stored", () => {
    const key = formatApiKey("admin", "018f3d5a-0000-7000-8000-000000000000", new Uint8Array(32).fill(1));
    expect(hashApiKey(key)).toMatch(/^[0-9a-f]{64}$/);
    expect(hashApiKey(key)).not.toBe(hashApiKey(`${key}x`));
  });
});
