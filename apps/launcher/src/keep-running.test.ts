import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { keepRunning } from "./keep-running.ts";

const timing = { firstDelayMs: 5, longestDelayMs: 20, stableMs: 10_000 };

/** A program whose runs the test ends by hand. */
function program(options: { failingStarts?: number[] } = {}) {
  const ends: ((how: string) => void)[] = [];
  const said: string[] = [];
  let starts = 0;
  return {
    ends,
    said,
    starts: () => starts,
    options: {
      name: "the thing",
      logFile: "/the/log",
      timing,
      say: (line: string) => said.push(line),
      async start() {
        starts += 1;
        if (options.failingStarts?.includes(starts)) throw new Error("It would not start.");
        const { promise: exited, resolve } = Promise.withResolvers<string>();
        ends.push(resolve);
        return { exited, stop: async () => resolve("asked") };
      },
    },
  };
}

it("rejects when the first start fails", async () => {
  await expect(keepRunning(program({ failingStarts: [1] }).options)).rejects.toThrow("It would not start.");
});

it("starts again after an end and after a failed start, saying so", async () => {
  const thing = program({ failingStarts: [2] });
  const kept = await keepRunning(thing.options);
  thing.ends[0]?.("exit code 3");
  await expect.poll(() => thing.ends.length).toBe(2);
  expect(thing.said).toEqual([
    "The thing ended (exit code 3); starting it again in 0.005 s.",
    "It would not start.",
    "The thing ended (it did not start); starting it again in 0.01 s.",
    "The thing runs again.",
  ]);
  await kept.stop();
  await kept.ended;
  expect(thing.starts()).toBe(3);
});

it("gives up after repeated quick ends", async () => {
  const thing = program();
  const kept = await keepRunning(thing.options);
  const outcome = kept.ended.catch((error: Error) => error.message);
  for (let run = 0; run < 6; run++) {
    await expect.poll(() => thing.ends.length).toBe(run + 1);
    thing.ends[run]?.("exit code 1");
  }
  expect(await outcome).toBe("The thing ended 6 times in a row (exit code 1): see /the/log.");
});

it("never gives up what others do as well, until they have ended too", async () => {
  const thing = program();
  let others = true;
  const kept = await keepRunning({ ...thing.options, isDispensable: () => others });
  const outcome = kept.ended.catch((error: Error) => error.message);
  for (let run = 0; run < 10; run++) {
    await expect.poll(() => thing.ends.length).toBe(run + 1);
    expect(kept.isRunning()).toBe(true);
    if (run === 9) others = false;
    thing.ends[run]?.("exit code 1");
  }
  expect(await outcome).toBe("The thing ended 10 times in a row (exit code 1): see /the/log.");
  expect(kept.isRunning()).toBe(false);
});

it("restarts at once on request, without counting it", async () => {
  const thing = program();
  const kept = await keepRunning(thing.options);
  for (let run = 1; run <= 8; run++) {
    await kept.restart();
    await expect.poll(() => thing.ends.length).toBe(run + 1);
  }
  expect(thing.said.every((line) => line === "The thing runs again.")).toBe(true);
  await kept.stop();
});

it("does not start again what it was told to stop during the pause", async () => {
  const thing = program();
  const kept = await keepRunning({ ...thing.options, timing: { ...timing, firstDelayMs: 100 } });
  thing.ends[0]?.("exit code 1");
  await sleep(10);
  await kept.stop();
  expect(thing.starts()).toBe(1);
});
