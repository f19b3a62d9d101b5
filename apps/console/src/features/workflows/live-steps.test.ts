import { expect, it } from "vitest";
import { type LiveStep, withEvents } from "#features/workflows/live-steps.ts";

const at = (second: number) => `2026-11-21T10:00:${String(second).padStart(2, "0")}.000Z`;
const step = (taskId: string): LiveStep => ({
  step: taskId,
  taskId,
  kind: "build",
  state: "QUEUED",
  stateSince: at(10),
  startedAt: null,
  finishedAt: null,
});

it("takes over what has happened since, in its order", () => {
  const [one] = withEvents(
    [step("a")],
    [
      { taskId: "a", to: "ASSIGNED", at: at(11) },
      { taskId: "a", to: "RUNNING", at: at(12) },
      { taskId: "a", to: "SUCCEEDED", at: at(15) },
    ],
  );
  expect(one).toMatchObject({ state: "SUCCEEDED", stateSince: at(15), startedAt: at(12), finishedAt: at(15) });
});

it("leaves out what the steps show already, and keeps the objects of those without news", () => {
  const steps = [step("a"), step("b")];
  const after = withEvents(steps, [
    { taskId: "a", to: "WAITING", at: at(10) },
    { taskId: "b", to: "RUNNING", at: at(11) },
    { taskId: "other", to: "RUNNING", at: at(11) },
  ]);
  expect(after[0]).toBe(steps[0]);
  expect(after[1]).toMatchObject({ state: "RUNNING" });
  expect(withEvents(steps, [])).toBe(steps);
});
