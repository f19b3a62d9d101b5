import { describe, expect, it } from "vitest";
import { tickText, timeTicks } from "#features/agent/timeline/time-ticks.ts";

const at = (time: string) => Date.parse(`2026-11-21T${time}:00Z`);
const shown = (from: string, to: string, offset = 0) =>
  timeTicks(at(from), at(to), offset).map((tick) => new Date(tick.at).toISOString().slice(11, 16));

describe("the ticks of a timeline", () => {
  it("are round times", () => {
    expect(shown("06:01", "06:16")).toEqual(["06:05", "06:10", "06:15"]);
    expect(shown("05:22", "06:22")).toEqual(["05:30", "05:40", "05:50", "06:00", "06:10", "06:20"]);
    expect(shown("00:22", "06:22")).toEqual(["01:00", "02:00", "03:00", "04:00", "05:00", "06:00"]);
  });

  it("are round on the reader's own clock", () => {
    // India is five and a half hours ahead: 06:30 in Greenwich is noon there.
    expect(shown("01:10", "07:10", -330)).toEqual(["01:30", "02:30", "03:30", "04:30", "05:30", "06:30"]);
  });

  it("say where they are, and keep off the ends", () => {
    const [first] = timeTicks(at("06:00"), at("06:15"), 0);
    expect(first).toEqual({ at: at("06:05"), position: 1 / 3, step: 300_000 });
  });

  it("are fewer, the longer it is, and tell seconds or days where these matter", () => {
    for (const length of [2_000, 20_000, 600_000, 86_400_000, 7 * 86_400_000, 400 * 86_400_000]) {
      const ticks = timeTicks(at("06:00"), at("06:00") + length, 0);
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThan(9);
    }
    const noon = new Date(2026, 10, 21, 12, 0, 5).getTime();
    expect([1_000, 60_000, 86_400_000].map((step) => tickText({ at: noon, position: 0, step }))).toEqual([
      "12:00:05",
      "12:00",
      "21 Nov",
    ]);
  });
});
