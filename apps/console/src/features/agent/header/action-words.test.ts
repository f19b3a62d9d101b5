import { describe, expect, it } from "vitest";
import { arranged, wayBack } from "#features/agent/header/action-words.ts";

describe("what may be done with an agent", () => {
  it("shows the three most wanted as buttons and the dangerous last in the menu", () => {
    expect(arranged(["RESTART", "SUSPEND", "MAINTAIN", "FAIL", "STOP"])).toEqual({
      buttons: ["SUSPEND", "RESTART", "STOP"],
      menu: ["MAINTAIN", "FAIL"],
    });
    expect(arranged(["DECOMMISSION", "STOP", "RECOVER", "START", "MAINTAIN", "RESTART", "SUSPEND"])).toEqual({
      buttons: ["START", "RECOVER", "SUSPEND"],
      menu: ["RESTART", "STOP", "MAINTAIN", "DECOMMISSION"],
    });
  });

  it("never makes a button of what is dangerous", () => {
    expect(arranged(["FAIL", "DECOMMISSION"])).toEqual({ buttons: [], menu: ["FAIL", "DECOMMISSION"] });
  });
});

it.each([
  ["SUSPEND", "BUSY", "RESUME"],
  ["SUSPEND", "OFFLINE", null],
  ["RESUME", "MAINTENANCE", "MAINTAIN"],
  ["RESUME", "SUSPENDED", "SUSPEND"],
  ["STOP", "IDLE", null],
] as const)("%s in %s is taken back by %s", (action, from, back) => {
  expect(wayBack(action, from)).toBe(back);
});
