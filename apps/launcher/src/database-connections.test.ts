import { expect, it } from "vitest";
import { databaseConnections } from "./database-connections.ts";

it("fits into what the database allows, with as many for each server as are useful", () => {
  for (const [replicas, allowed, ofServer] of [
    [1, 100, 20],
    [3, 100, 10],
    [4, 100, 6],
    [5, 100, 4],
    [3, 200, 20],
    [6, 200, 10],
    [10, 200, 4],
  ] as const) {
    const divided = databaseConnections({ replicas, wanted: undefined }, allowed);
    expect(divided.ofServer).toBe(ofServer);
    expect(divided.inAll).toBeLessThanOrEqual(allowed);
  }
});

it("says how many are needed when there are more servers than fit, or the user wants more for each", () => {
  expect(databaseConnections({ replicas: 64, wanted: undefined }, 200)).toEqual({ ofServer: 4, inAll: 1_162 });
  expect(databaseConnections({ replicas: 2, wanted: 100 }, 200)).toEqual({ ofServer: 100, inAll: 430 });
});
