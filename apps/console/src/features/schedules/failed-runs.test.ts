import { expect, it } from "vitest";
import { failedInARow, type Run } from "#features/schedules/failed-runs.ts";

const run = (state: Run["state"], message?: string): Run => ({
  state,
  error: message === undefined ? null : { message },
});

it("counts the latest runs that failed, whatever runs now", () => {
  const runs = [run("RUNNING"), run("FAILED", "away"), run("EXPIRED"), run("SUCCEEDED"), run("FAILED")];
  expect(failedInARow(runs)).toEqual({ count: 2, message: "away" });
});

it("has nothing to say when the last one went well, or none has ended", () => {
  expect(failedInARow([run("SUCCEEDED"), run("FAILED", "old")])).toEqual({ count: 0, message: null });
  expect(failedInARow([run("QUEUED")]).count).toBe(0);
});
