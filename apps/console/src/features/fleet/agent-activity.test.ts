import { describe, expect, it } from "vitest";
import type { FleetActivityQuery } from "#api/generated/graphql.ts";
import { type ActivityEvent, type ActivitySources, activitySources } from "#features/fleet/agent-activity.ts";

const moved = (number: number, agent: string, to: string) =>
  ({ __typename: "AgentTransitioned", id: `event_${number}`, to, agent: { id: agent } }) as unknown as ActivityEvent;
const tasked = (number: number, agent: string | null, task: string | null) =>
  ({
    __typename: "TaskTransitioned",
    id: `event_${number}`,
    agent: agent && { id: agent },
    task: task && { id: task },
  }) as unknown as ActivityEvent;
const edges = (...nodes: object[]) => ({ edges: nodes.map((node) => ({ node })) });
const idle = { held: edges(), newest: edges() };
const answer = {
  project: {
    agents: edges(
      { id: "agent_1", ...idle, newest: edges({ id: "task_0" }), timeline: edges(moved(1, "agent_1", "IDLE")) },
      { id: "agent_2", ...idle, timeline: edges(moved(2, "agent_2", "SUSPENDED")) },
    ),
    resting: edges({ id: "agent_2", arrival: edges(moved(2, "agent_2", "SUSPENDED")) }),
  },
} as unknown as FleetActivityQuery;
const NOTHING: ActivitySources = new Map();

describe("what agents have been doing", () => {
  it("is read from the answer", () => {
    const sources = activitySources(NOTHING, answer, []);
    expect(sources.get("agent_1")?.activity).toMatchObject({
      transitions: [{ id: "event_1" }],
      tasks: [{ id: "task_0" }],
    });
    expect(sources.get("agent_1")?.activity.arrival).toBeUndefined();
    expect(sources.get("agent_2")?.activity).toMatchObject({ arrival: { to: "SUSPENDED" } });
    expect(activitySources(NOTHING, undefined, []).size).toBe(0);
  });

  it("goes on with events, and leaves alone whom they do not concern", () => {
    const before = activitySources(NOTHING, answer, []);
    const after = activitySources(before, answer, [moved(3, "agent_1", "ERROR"), tasked(4, "agent_1", "task_1")]);
    expect(after.get("agent_1")?.activity).toMatchObject({
      transitions: [{ id: "event_1" }, { id: "event_3" }],
      arrival: { to: "ERROR" },
      tasks: [{ id: "task_0" }, { id: "task_1" }],
    });
    expect(after.get("agent_2")).toBe(before.get("agent_2"));
  });

  it("is made anew of another answer", () => {
    const before = activitySources(NOTHING, answer, []);
    const [first, second] = answer.project?.agents.edges ?? [];
    const next = {
      project: { ...answer.project, agents: { edges: [{ node: { ...first?.node } }, second] } },
    } as unknown as FleetActivityQuery;
    const after = activitySources(before, next, []);
    expect(after.get("agent_1")).not.toBe(before.get("agent_1"));
    expect(after.get("agent_2")).toBe(before.get("agent_2"));
  });

  it("knows agents that only an event told of, and passes over what concerns no agent", () => {
    const sources = activitySources(NOTHING, undefined, [
      tasked(1, "agent_3", "task_1"),
      tasked(2, null, "task_1"),
      tasked(3, "agent_4", null),
      { __typename: "OtherEvent", id: "event_4" } as unknown as ActivityEvent,
    ]);
    expect([...sources.keys()]).toEqual(["agent_3", "agent_4"]);
    expect(sources.get("agent_3")?.activity).toMatchObject({ transitions: [], tasks: [{ id: "task_1" }] });
    expect(sources.get("agent_4")?.activity.tasks).toEqual([]);
  });
});
