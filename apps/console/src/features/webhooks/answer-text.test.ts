import { expect, it } from "vitest";
import { answerText } from "#features/webhooks/answer-text.ts";

it.each([
  [{ lastStatus: 200, lastError: null, durationMs: 34 }, "200 · 34 ms"],
  [{ lastStatus: 500, lastError: "Answered 500.", durationMs: null }, "500"],
  [{ lastStatus: null, lastError: "No answer within 10 s.", durationMs: 10_000 }, "No answer within 10 s."],
  [{ lastStatus: null, lastError: null, durationMs: null }, null],
])("says of %j: %j", (attempt, text) => {
  expect(answerText(attempt)).toBe(text);
});
