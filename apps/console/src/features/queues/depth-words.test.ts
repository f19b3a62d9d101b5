import { expect, it } from "vitest";
import { countText, parkedText, rateText } from "#features/queues/depth-words.ts";

it("says how many wait out of line, and why", () => {
  expect(
    parkedText([
      { reason: "TIME", count: 4, isCapped: false },
      { reason: "CONCURRENCY_KEY", count: 0, isCapped: false },
      { reason: "RATE_LIMIT", count: 10_000, isCapped: true },
    ]),
  ).toBe("4 for their time, or to be tried again, 10,000+ for their rate limit");
  expect(parkedText([{ reason: "TIME", count: 0, isCapped: false }])).toBeNull();
  expect(countText({ count: 7, isCapped: false })).toBe("7");
});

it("says a rate", () => {
  expect([rateText(100, 3_600_000), rateText(5, 60_000), rateText(5, 1_500)]).toEqual([
    "100 an hour",
    "5 a minute",
    "5 every 1.5 s",
  ]);
});
