import { describe, expect, it } from "vitest";
import { readPlan, UnreadablePlan, wholePlan } from "./build-plan.ts";

describe("readPlan", () => {
  it("reads what was written, and everything where nothing was", () => {
    expect(readPlan(null)).toEqual(wholePlan);
    expect(readPlan({ steps: ["bundle"] })).toEqual({ steps: ["bundle"] });
  });

  it("refuses what is no plan, and says what to do", () => {
    for (const data of [{}, [], "all", { steps: [] }, { steps: ["deploy"] }, { steps: ["bundle", "bundle"] }]) {
      expect(() => readPlan(data), JSON.stringify(data)).toThrow(UnreadablePlan);
    }
    expect(() => readPlan({ steps: [] })).toThrow(/roll it back/);
  });
});
