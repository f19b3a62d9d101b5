import { describe, expect, it } from "vitest";
import { createActivity } from "./activity.ts";

function start() {
  const calls: string[] = [];
  let idle = Promise.withResolvers<void>();
  const activity = createActivity(
    { idle: () => idle.promise },
    {
      activate: async () => void calls.push("activate"),
      deactivate: async () => void calls.push("deactivate"),
    },
  );
  return { calls, activity, tasksEnd: () => idle.resolve() };
}

describe("createActivity", () => {
  it("pairs activation and deactivation, once each", async () => {
    const { calls, activity, tasksEnd } = start();
    tasksEnd();
    await Promise.all([activity.enter(), activity.enter()]);
    await Promise.all([activity.leave(), activity.leave()]);
    await activity.enter();
    expect(calls).toEqual(["activate", "deactivate", "activate"]);
  });

  it("deactivates only when the tasks have ended", async () => {
    const { calls, activity, tasksEnd } = start();
    await activity.enter();
    const left = activity.leave();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(calls).toEqual(["activate"]);
    tasksEnd();
    await left;
    expect(calls).toEqual(["activate", "deactivate"]);
  });

  it("stays active when it is wanted back before the tasks have ended", async () => {
    const { calls, activity } = start();
    await activity.enter();
    const left = activity.leave();
    await activity.enter();
    await left;
    expect(calls).toEqual(["activate"]);
  });

  it("can be entered again after a failed activation", async () => {
    let fails = true;
    const activity = createActivity(
      { idle: () => Promise.resolve() },
      {
        activate: async () => {
          if (fails) throw new Error("not yet");
        },
        deactivate: () => expect.unreachable("it never became active"),
      },
    );
    await expect(activity.enter()).rejects.toThrow("not yet");
    await activity.leave();
    fails = false;
    await activity.enter();
  });
});
