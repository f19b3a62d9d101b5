import { describe, expect, it } from "vitest";
import { historyText } from "#features/agent/timeline/history-text.ts";

describe("a bar of states in words", () => {
  it("sums up the states, the longest first", () => {
    const spans = [
      { state: "IDLE", from: 0, to: 60_000 },
      { state: "BUSY", from: 60_000, to: 250_000 },
      { state: "IDLE", from: 250_000, to: 310_000 },
    ] as const;
    expect(historyText({ name: "tester", state: "IDLE" }, spans, "the last 1 h")).toBe(
      "States of tester over time, the last 1 h: Busy 3 m 10 s, Idle 2 m. Now Idle.",
    );
  });

  it("says when there is nothing", () => {
    expect(historyText({ name: "tester", state: "OFFLINE" }, [], "the last 15 m")).toContain(
      "nothing is known yet. Now Offline.",
    );
  });
});
