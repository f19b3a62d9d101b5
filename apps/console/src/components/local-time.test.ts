import { expect, it } from "vitest";
import { localTime, timeOf } from "#components/local-time.ts";

it("goes to a field and back, to the second", () => {
  const at = Date.parse("2026-03-04T05:06:07.890Z");
  expect(localTime(at)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  expect(timeOf(localTime(at))).toBe("2026-03-04T05:06:07.000Z");
});

it("knows what is no time", () => {
  expect(timeOf("")).toBeNull();
  expect(timeOf("soon")).toBeNull();
});
