import { expect, it } from "vitest";
import { nextAttempt } from "#features/webhooks/sending.ts";

const [FIRST, THEN] = ["2026-11-21T06:00:00.000Z", "2026-11-21T06:00:10.000Z"];

it.each([
  [null, null, null],
  [null, THEN, null],
  [FIRST, null, FIRST],
  [FIRST, THEN, THEN],
  [THEN, FIRST, THEN],
])("of a delivery at %s, with a webhook not before %s, is at %s", (nextAttemptAt, retryAt, expected) => {
  expect(nextAttempt({ nextAttemptAt }, { paused: false, retryAt })).toBe(expected);
});
