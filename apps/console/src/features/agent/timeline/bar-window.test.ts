import { describe, expect, it } from "vitest";
import { rangeOf, windowOf, within, zoomed } from "#features/agent/timeline/bar-window.ts";

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;

describe("what the bar shows", () => {
  it("is the range until now", () => {
    expect(windowOf("1h", 0, NOW, null)).toEqual({ from: NOW - HOUR, to: NOW });
    expect(windowOf("all", 5, NOW, null)).toEqual({ from: 5, to: NOW });
  });

  it("reaches back to what is selected", () => {
    const selected = { from: NOW - 10 * HOUR, to: NOW - 9 * HOUR };
    expect(windowOf("1h", 0, NOW, selected).from).toBeLessThan(selected.from);
  });

  it("is an hour where the address says nothing that is known", () => {
    expect([rangeOf(null), rangeOf("3y"), rangeOf("7d")]).toEqual(["1h", "1h", "7d"]);
  });
});

describe("a selection", () => {
  const window = { from: 0, to: 1_000_000 };
  it("has its ends in order and within the window", () => {
    expect(within(500, 200, window)).toEqual({ from: 200, to: 500 });
    expect(within(-5, 2_000_000, window)).toEqual(window);
  });

  it("is never too short to be seen", () => {
    expect(within(500, 500, window)).toEqual({ from: 500, to: 600 });
    expect(within(1_000_000, 1_000_000, window)).toEqual({ from: 999_900, to: 1_000_000 });
  });

  it("is halved and doubled around its middle", () => {
    expect(zoomed(null, window, "in")).toEqual({ from: 250_000, to: 750_000 });
    expect(zoomed({ from: 250_000, to: 750_000 }, window, "out")).toBeNull();
    expect(zoomed({ from: 0, to: 100_000 }, window, "out")).toEqual({ from: 0, to: 150_000 });
  });
});
