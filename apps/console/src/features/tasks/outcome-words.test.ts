import { expect, it } from "vitest";
import { lastSentence } from "#features/tasks/outcome-words.ts";

const failed = {
  state: "FAILED",
  failures: 3,
  maxFailures: 3,
  error: { kind: "timeout", retryable: true },
  retryRules: [],
} as const;
const rule = (over: object) => [{ errorKind: "timeout", retryable: null, maxFailures: null, ...over }];

it.each([
  [{}, "It is given up after 3 failures."],
  [{ failures: 1, maxFailures: 1 }, "It may fail only once."],
  [{ failures: 1, error: { kind: "timeout", retryable: false } }, "Its agent said that another attempt cannot help."],
  [{ failures: 1, retryRules: rule({ retryable: false }) }, "Its retry rules say that timeout is not tried again."],
  [{ failures: 2, retryRules: rule({ maxFailures: 2 }) }, "Its retry rules give up timeout after 2 failures."],
  [{ state: "QUEUED", failures: 1 }, "1 failure so far; 2 more failures and it is given up."],
  [{ state: "RUNNING", failures: 2 }, "2 failures so far; one more failure and it is given up."],
] as const)("of %j says: %s", (over, sentence) => {
  expect(lastSentence({ ...failed, ...over })).toBe(sentence);
});
