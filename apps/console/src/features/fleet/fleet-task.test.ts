import { describe, expect, it } from "vitest";
import type { FleetTaskFragment as FleetTask } from "#api/generated/graphql.ts";
import { workOf } from "#features/fleet/fleet-task.ts";

function task(id: string, version: number, over: Partial<FleetTask> = {}): FleetTask {
  return {
    id,
    version,
    title: "test",
    state: "RUNNING",
    progress: null,
    progressMessage: null,
    startedAt: "2026-11-21T06:00:00.000Z",
    finishedAt: null,
    error: null,
    agent: { id: "agent_1" },
    ...over,
  } as FleetTask;
}
const ended = (id: string, version: number, finishedAt: string) =>
  task(id, version, { state: "SUCCEEDED", finishedAt });

describe("an agent's work", () => {
  it("is nothing when nothing is known", () => {
    expect(workOf("agent_1", [])).toEqual({ running: [], last: undefined });
  });

  it("counts the newest version of a task, in whatever order they come", () => {
    const old = task("task_1", 2);
    const done = ended("task_1", 3, "2026-11-21T06:00:05.000Z");
    for (const known of [
      [old, done],
      [done, old],
    ]) {
      expect(workOf("agent_1", known)).toEqual({ running: [], last: done });
    }
  });

  it("prefers what was read last of the same version: its progress is newer", () => {
    const later = task("task_1", 2, { progress: 0.6 });
    expect(workOf("agent_1", [task("task_1", 2), later]).running).toEqual([later]);
  });

  it("forgets a task that went back to the queue, or on to another agent", () => {
    const queued = task("task_1", 3, { state: "QUEUED" });
    const elsewhere = task("task_1", 4, { agent: { id: "agent_2" } });
    expect(workOf("agent_1", [task("task_1", 2), queued])).toEqual({ running: [], last: undefined });
    expect(workOf("agent_1", [task("task_1", 2), elsewhere])).toEqual({ running: [], last: undefined });
    expect(workOf("agent_2", [task("task_1", 2), elsewhere]).running).toEqual([elsewhere]);
  });

  it("has the longest-running first, and what was only assigned last", () => {
    const first = task("task_1", 2, { startedAt: "2026-11-21T06:00:00.000Z" });
    const second = task("task_2", 2, { startedAt: "2026-11-21T06:00:07.000Z" });
    const assigned = task("task_3", 1, { state: "ASSIGNED", startedAt: null });
    expect(workOf("agent_1", [assigned, second, first]).running).toEqual([first, second, assigned]);
  });

  it("ended last what was finished last, not what was created last", () => {
    const long = ended("task_1", 3, "2026-11-21T06:00:30.000Z");
    const short = ended("task_2", 3, "2026-11-21T06:00:10.000Z");
    expect(workOf("agent_1", [short, long]).last).toBe(long);
  });
});
