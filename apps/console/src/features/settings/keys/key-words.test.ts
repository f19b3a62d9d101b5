import { expect, it } from "vitest";
import { expiryOf } from "#features/settings/keys/key-words.ts";

const now = Date.parse("2026-11-21T12:00:00Z");

it("counts days from now on", () => {
  expect(expiryOf("30", now)).toBe("2026-12-21T12:00:00.000Z");
  expect(expiryOf("never", now)).toBeNull();
});
