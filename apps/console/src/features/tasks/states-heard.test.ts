import { expect, it } from "vitest";
import { statesHeard } from "#features/tasks/states-heard.ts";

it("hears of any task where nothing is left out", () => {
  expect(statesHeard({})).toBeNull();
  expect(statesHeard({ queue: null })).toBeNull();
});

it("hears of what comes into the states that are asked for", () => {
  expect(statesHeard({ states: ["FAILED"], kinds: ["build"] })).toEqual(["FAILED"]);
});

it("does not hear of what runs and ends where something else is asked for", () => {
  expect(statesHeard({ kinds: ["build"] })).toEqual(["WAITING", "QUEUED", "ASSIGNED", "FAILED"]);
});
