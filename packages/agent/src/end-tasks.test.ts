import { describe, expect, it } from "vitest";
import { endTasks } from "./end-tasks.ts";
import { createStopper, type Urgency } from "./stopper.ts";

/** Tasks that end when told to; whether aborting makes them end is the test's choice. */
function start(urgency: Urgency, options: { endWhenAborted: boolean }) {
  const calls: string[] = [];
  const idle = Promise.withResolvers<void>();
  const runner = {
    idle: () => idle.promise,
    dropOffers: () => void calls.push("drop offers"),
    abortAll: (cause: string) => {
      calls.push(`abort: ${cause}`);
      if (options.endWhenAborted) idle.resolve();
    },
    abandon: async () => void calls.push("abandon"),
  };
  const stopper = createStopper();
  stopper.request({ urgency, cause: "shutdown", why: "test" });
  const ended = endTasks(runner, stopper, 80, () => calls.push("refuse work"));
  return { calls, stopper, ended, tasksEnd: () => idle.resolve() };
}

describe("endTasks", () => {
  it("drains for as long as it takes, and goes on doing the work that comes", async () => {
    const { calls, ended, tasksEnd } = start("drain", { endWhenAborted: false });
    setTimeout(tasksEnd, 150);
    await ended;
    expect(calls).toEqual([]);
  });

  it("waits until the deadline, then aborts", async () => {
    const { calls, ended } = start("deadline", { endWhenAborted: true });
    const started = performance.now();
    await ended;
    expect(performance.now() - started).toBeGreaterThanOrEqual(75);
    expect(calls.slice(0, 2)).toEqual(["refuse work", "drop offers"]);
    expect(calls.slice(-2)).toEqual(["abort: shutdown", "abandon"]);
  });

  it("becomes more urgent while it drains, never less", async () => {
    const { calls, stopper, ended } = start("drain", { endWhenAborted: true });
    setTimeout(() => stopper.request({ urgency: "discard", cause: "superseded", why: "newer" }), 20);
    await ended;
    expect(calls.slice(-2)).toEqual(["abort: superseded", "abandon"]);
    stopper.request({ urgency: "deadline", cause: "shutdown", why: "late" });
    expect(stopper.current?.why).toBe("newer");
  });

  it("does not wait for handlers that ignore their signal", async () => {
    const { calls, ended } = start("now", { endWhenAborted: false });
    const started = performance.now();
    await ended;
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(calls).toContain("abandon");
  });
});
