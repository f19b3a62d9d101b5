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
  const ended = endTasks(runner, stopper, 80);
  return { calls, stopper, ended, tasksEnd: () => idle.resolve() };
}

describe("endTasks", () => {
  it("lets tasks finish", async () => {
    const { calls, ended, tasksEnd } = start("deadline", { endWhenAborted: false });
    setTimeout(tasksEnd, 20);
    await ended;
    expect(calls).toEqual(["drop offers"]);
  });

  it("waits until the deadline, then aborts", async () => {
    const { calls, ended } = start("deadline", { endWhenAborted: true });
    const started = performance.now();
    await ended;
    expect(performance.now() - started).toBeGreaterThanOrEqual(75);
    expect(calls).toEqual(["drop offers", "abort: shutdown", "abandon"]);
  });

  it("becomes more urgent while it waits, never less", async () => {
    const { calls, stopper, ended } = start("deadline", { endWhenAborted: true });
    stopper.request({ urgency: "discard", cause: "superseded", why: "newer" });
    await ended;
    expect(calls).toEqual(["drop offers", "abort: superseded", "abandon"]);
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
