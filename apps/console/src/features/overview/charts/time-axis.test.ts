import { expect, it } from "vitest";
import { sliceText, timeTicks } from "#features/overview/charts/time-axis.ts";

/** Of the reader's own day, whatever the time zone of the machine. */
const at = (text: string) => Date.parse(text);

it("has round times, no more than there is room for", () => {
  const ticks = timeTicks(at("2026-11-21T10:07:00"), at("2026-11-21T11:07:00"), 5);
  expect(ticks.map(({ text }) => text)).toEqual(["10:15", "10:30", "10:45", "11:00"]);
  expect(timeTicks(at("2026-11-21T10:07:00"), at("2026-11-21T11:07:00"), 2).map(({ text }) => text)).toEqual([
    "10:30",
    "11:00",
  ]);
});

it("names days at midnight", () => {
  const day = timeTicks(at("2026-11-20T13:00:00"), at("2026-11-21T13:00:00"), 4).map(({ text }) => text);
  expect(day).toEqual(["18:00", "Sat 21", "06:00", "12:00"]);
  expect(timeTicks(at("2026-11-14T13:00:00"), at("2026-11-21T13:00:00"), 7)).toHaveLength(7);
});

it("says when a slice was", () => {
  expect(sliceText(at("2026-11-21T10:07:00"), 60_000, 3_600_000)).toBe("10:07 to 10:08");
  expect(sliceText(at("2026-11-21T22:00:00"), 7_200_000, 604_800_000)).toBe("Sat 22:00 to 00:00");
});
