import { expect, it } from "vitest";
import { momentAt, movedBy, rangeIn, shareOf, spanOf, ticksOf, within } from "#features/fleet/time-range.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const HOUR = 3_600_000;

it("takes the range that was asked for, or the shortest in which the moment lies", () => {
  expect(rangeIn("24h", [NOW - HOUR], NOW)).toBe("24h");
  expect(rangeIn(undefined, [NOW - HOUR / 2], NOW)).toBe("1h");
  expect(rangeIn("1h", [NOW - 2 * HOUR, NOW], NOW)).toBe("6h");
  expect(rangeIn("nonsense", [NOW - 400 * HOUR], NOW)).toBe("all");
});

it("goes back as far as it says, or as far as anything is known, and never is nothing", () => {
  expect(spanOf("6h", NOW, NOW - 2 * HOUR)).toEqual({ from: NOW - 6 * HOUR, to: NOW });
  expect(spanOf("all", NOW, NOW - 90 * HOUR)).toEqual({ from: NOW - 90 * HOUR, to: NOW });
  expect(spanOf("all", NOW, NOW)).toEqual({ from: NOW - HOUR, to: NOW });
});

it("turns places into moments and back", () => {
  const span = { from: NOW - HOUR, to: NOW };
  expect(momentAt(span, 0.5)).toBe(NOW - HOUR / 2);
  expect(momentAt(span, 7)).toBe(NOW);
  expect(shareOf(span, NOW - HOUR / 4)).toBe(0.75);
  expect(within(span, 0)).toBe(span.from);
});

it("moves by keys", () => {
  const span = { from: 0, to: 1_200 };
  expect(movedBy(span, 600, "ArrowRight")).toBe(606);
  expect(movedBy(span, 600, "PageDown")).toBe(500);
  expect(movedBy(span, 1_199, "PageUp")).toBe(1_200);
  expect([movedBy(span, 600, "Home"), movedBy(span, 600, "End")]).toEqual([0, 1_200]);
  expect(movedBy(span, 600, "a")).toBeNull();
});

it("marks round times", () => {
  const ticks = ticksOf({ from: NOW - 6 * HOUR + 1, to: NOW }, 8, 0).map((tick) =>
    new Date(tick).toISOString().slice(11, 16),
  );
  expect(ticks).toEqual(["07:00", "08:00", "09:00", "10:00", "11:00", "12:00"]);
  const [first] = ticksOf({ from: NOW - 168 * HOUR, to: NOW }, 8, 5.5 * HOUR);
  expect(new Date((first ?? 0) + 5.5 * HOUR).toISOString().slice(11, 16)).toBe("00:00");
});
