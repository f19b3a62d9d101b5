import { expect, it } from "vitest";
import { databaseConnections } from "./database-connections.ts";

it("fits into what the database allows, with as many for each server as are useful", () => {
  for (const [replicas, allowed, ofServer] of [
    [1, 100, 20],
    [3, 100, 20],
    [4, 100, 12],
    [6, 100, 5],
    [6, 200, 20],
    [13, 200, 4],
  ] as const) {
    const divided = databaseConnections({ replicas, wanted: undefined }, allowed);
    expect(divided.ofServer).toBe(ofServer);
    expect(divided.inAll).toBeLessThanOrEqual(allowed);
  }
});

it("says how many are needed when there are more servers than fit, or the user wants more for each", () => {
  expect(databaseConnections({ replicas: 64, wanted: undefined }, 200)).toEqual({ ofServer: 4, inAll: 906 });
  expect(databaseConnections({ replicas: 2, wanted: 100 }, 200)).toEqual({ ofServer: 100, inAll: 230 });
});
