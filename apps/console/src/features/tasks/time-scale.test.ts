import { describe, expect, it } from "vitest";
import { isMostlyWaiting, timeScale } from "#features/tasks/time-scale.ts";

describe("a scale of time", () => {
  const whole = { from: 0, to: 1_000 };

  it("is even, unless waits are to be shortened", () => {
    const { at, shortened, ticks } = timeScale(whole, [{ from: 900, to: 1_000 }], false);
    expect([0, 250, 1_000, 2_000].map(at)).toEqual([0, 0.25, 1, 1]);
    expect(shortened).toEqual([]);
    expect(ticks).toEqual([0, 200, 400, 600, 800]);
  });

  it("draws long waits shorter, and keeps the order", () => {
    const work = [
      { from: 0, to: 10 },
      { from: 900, to: 910 },
    ];
    const { at, shortened } = timeScale(whole, work, true);
    expect(shortened).toEqual([
      expect.objectContaining({ from: 10, to: 900 }),
      expect.objectContaining({ from: 910, to: 1_000 }),
    ]);
    expect(at(10)).toBeGreaterThan(0.3);
    expect(at(900) - at(10)).toBeLessThan(0.15);
    const places = Array.from({ length: 101 }, (_, n) => at(n * 10));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(at(1_000)).toBe(1);
  });

  it("names times that stand apart", () => {
    const work = Array.from({ length: 20 }, (_, n) => ({ from: n * 50, to: n * 50 + 1 }));
    const { at, ticks } = timeScale(whole, work, true);
    expect(ticks.length).toBeGreaterThan(1);
    for (const [place, time] of ticks.entries()) {
      if (place > 0) expect(at(time) - at(ticks[place - 1]!)).toBeGreaterThanOrEqual(0.1);
    }
  });

  it("is of no length where nothing has passed", () => {
    expect(timeScale({ from: 5, to: 5 }, [], false).at(5)).toBe(0);
  });

  it("is mostly waiting when work takes less than half", () => {
    expect(isMostlyWaiting(whole, [{ from: 0, to: 600 }])).toBe(false);
    expect(isMostlyWaiting(whole, [{ from: 0, to: 300 }])).toBe(true);
    expect(isMostlyWaiting(whole, [])).toBe(false);
  });
});
