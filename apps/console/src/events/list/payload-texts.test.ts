import { expect, it } from "vitest";
import { payloadTexts } from "#events/list/payload-texts.ts";

it.each([
  [{ to: "IDLE", from: null, attempt: 1 }, ["to: IDLE", "attempt: 1"]],
  [{ hash: "03b0bad43af632dad3f6ca233f86f3cbd5af1d4b927da6475cb6e11d045eb9ce" }, ["hash: 03b0bad43af6…"]],
  [{ error: { kind: "x", retryable: true } }, ['error: {"kind":"x","retryable":true}']],
  [null, []],
  ["text", ["text"]],
])("tells the payload %j", (payload, texts) => {
  expect(payloadTexts(payload)).toEqual(texts);
});

it("is never long", () => {
  expect(payloadTexts({ message: "x".repeat(5_000) })[0]).toHaveLength("message: ".length + 60);
});
