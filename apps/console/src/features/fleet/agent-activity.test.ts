import { describe, expect, it } from "vitest";
import type { FleetActivityQuery } from "#api/generated/graphql.ts";
import { type ActivityEvent, activityIn, addEvent } from "#features/fleet/agent-activity.ts";

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
const answer = {
  project: {
    agents: edges(
      { id: "agent_1", timeline: edges(moved(1, "agent_1", "IDLE")) },
      { id: "agent_2", timeline: edges(moved(2, "agent_2", "SUSPENDED")) },
    ),
    resting: edges({ id: "agent_2", arrival: edges(moved(2, "agent_2", "SUSPENDED")) }),
  },
} as unknown as FleetActivityQuery;

describe("what agents have been doing", () => {
  it("is read from the answer", () => {
    const activity = activityIn(answer);
    expect(activity.get("agent_1")).toMatchObject({ transitions: [{ id: "event_1" }], tasks: [] });
    expect(activity.get("agent_1")?.arrival).toBeUndefined();
    expect(activity.get("agent_2")).toMatchObject({ arrival: { to: "SUSPENDED" } });
    expect(activityIn(undefined).size).toBe(0);
  });

  it("goes on with events, and leaves alone whom they do not concern", () => {
    const activity = activityIn(answer);
    const other = activity.get("agent_2");
    addEvent(activity, moved(3, "agent_1", "ERROR"));
    addEvent(activity, tasked(4, "agent_1", "task_1"));
    expect(activity.get("agent_1")).toMatchObject({
      transitions: [{ id: "event_1" }, { id: "event_3" }],
      arrival: { to: "ERROR" },
      tasks: [{ id: "task_1" }],
    });
    expect(activity.get("agent_2")).toBe(other);
  });

  it("knows agents that only an event told of", () => {
    const activity = activityIn(undefined);
    addEvent(activity, tasked(1, "agent_3", "task_1"));
    expect(activity.get("agent_3")).toMatchObject({ transitions: [], tasks: [{ id: "task_1" }] });
  });

  it("passes over what concerns no agent, or says nothing", () => {
    const activity = activityIn(undefined);
    addEvent(activity, tasked(1, null, "task_1"));
    addEvent(activity, tasked(1, "agent_1", null));
    addEvent(activity, { __typename: "OtherEvent", id: "event_2" } as unknown as ActivityEvent);
    expect(activity.size).toBe(0);
  });
});
