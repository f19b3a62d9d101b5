import { expect, it } from "vitest";
import { flowRange, flowSpan, RANGES } from "#features/overview/flow-range.ts";

it("reads what an address names", () => {
  expect(flowRange("7d")).toBe("7d");
  expect(flowRange(null)).toBe("1h");
  expect(flowRange("toString")).toBe("1h");
});

it("ends with the slice of the present, and is the same for all who ask within it", () => {
  const now = Date.parse("2026-11-21T10:07:31.000Z");
  expect(flowSpan("1h", now)).toEqual({ since: "2026-11-21T09:08:00.000Z", until: "2026-11-21T10:08:00.000Z" });
  expect(flowSpan("1h", now + 28_000)).toEqual(flowSpan("1h", now));
  expect(flowSpan("24h", now)).toEqual({ since: "2026-11-20T10:20:00.000Z", until: "2026-11-21T10:20:00.000Z" });
});

it("has slices that a whole number of days is made of", () => {
  for (const { bucketMs } of Object.values(RANGES)) expect(86_400_000 % bucketMs).toBe(0);
});
