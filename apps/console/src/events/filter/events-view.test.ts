import { describe, expect, it } from "vitest";
import { AGENT_KINDS, namesIn, pressed, PROJECT_KINDS, typesOf } from "#events/filter/event-kinds.ts";
import { eventIdIn, eventsViewOf, filterOf, isNarrowed } from "#events/filter/events-view.ts";
import { EVENT_TYPES } from "#events/event-types.ts";

const id = (prefix: string) => `${prefix}_01m7zpatyfew4sqjbvxqj67wrn`;

describe("the kinds of events", () => {
  it("cover every type of the project, each once", () => {
    const types = PROJECT_KINDS.flatMap((kind) => kind.types);
    expect(types.toSorted()).toEqual(Object.values(EVENT_TYPES).flat().toSorted());
  });

  it("are all listed when none is named", () => {
    expect(typesOf(AGENT_KINDS, namesIn(undefined))).toBeNull();
    expect(typesOf(AGENT_KINDS, namesIn("tasks"))).toEqual(["task.transitioned"]);
    expect(typesOf(PROJECT_KINDS, namesIn("queue.paused,nonsense"))).toEqual(["queue.paused"]);
    expect(typesOf(PROJECT_KINDS, namesIn("nonsense"))).toBeNull();
  });

  it("are added and taken away; all is the same as none", () => {
    const [first, second, third, fourth] = AGENT_KINDS;
    if (!first || !second || !third || !fourth) throw new Error("There are four.");
    expect(pressed(AGENT_KINDS, [], second)).toEqual(["tasks"]);
    expect(pressed(AGENT_KINDS, ["tasks"], first)).toEqual(["transitions", "tasks"]);
    expect(pressed(AGENT_KINDS, ["tasks"], second)).toEqual([]);
    expect(pressed(AGENT_KINDS, ["transitions", "tasks", "contexts"], fourth)).toEqual([]);
  });
});

describe("a filter from an address", () => {
  const filter = (address: string) => filterOf(eventsViewOf(new URLSearchParams(address)), PROJECT_KINDS);

  it("is empty for an address that says nothing of events", () => {
    expect(filter("tab=tasks&range=1h")).toEqual({});
  });

  it.each([
    [`search=${id("agent")}`, { agents: [id("agent")] }],
    [`search=%20${id("task")}%20`, { tasks: [id("task")] }],
    [`search=${id("ctx")}`, { contexts: [id("ctx")] }],
    [`search=${id("wfl")}`, { subjects: [id("wfl")] }],
    [`search=${id("key")}`, { actors: [id("key")] }],
    ["search=agent_of_mine", { search: "agent_of_mine" }],
    [`subject=${id("task")}`, { tasks: [id("task")] }],
    [`actor=${id("key")}`, { actors: [id("key")] }],
    ["correlation=r-1", { correlations: ["r-1"] }],
    ["from=2026-11-21T10:00:00Z&to=never", { after: "2026-11-21T10:00:00Z" }],
  ])("takes %s", (address, expected) => {
    expect(filter(address)).toEqual(expected);
  });

  it("knows an event's id", () => {
    expect(eventIdIn(" event_12 ")).toBe("event_12");
    expect(eventIdIn("event_x")).toBeNull();
  });

  it("knows what narrows the list", () => {
    expect(isNarrowed(eventsViewOf(new URLSearchParams("look=json&order=oldest&event=event_1")))).toBe(false);
    expect(isNarrowed(eventsViewOf(new URLSearchParams("show=tasks")))).toBe(true);
  });
});
