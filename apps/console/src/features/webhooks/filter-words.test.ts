import { describe, expect, it } from "vitest";
import { type Filter, filterWords, labelTexts } from "#features/webhooks/filter-words.ts";

const ALL: Filter = {
  types: null,
  subjects: null,
  agents: null,
  tasks: null,
  contexts: null,
  actors: null,
  states: null,
  labels: null,
  search: null,
};
const said = (filter: Partial<Filter>) => filterWords({ ...ALL, ...filter }).join(", ");

describe("a filter in words", () => {
  it("says that all events are sent when there is no condition", () => {
    expect(said({})).toBe("all events");
    expect(said({ types: [], states: [], agents: [], labels: {}, search: "" })).toBe("all events");
  });

  it("names types and states, and counts what has too many names", () => {
    expect(said({ types: ["agent.transitioned"], states: ["ERROR", "FAILED"] })).toBe(
      "agent.transitioned, to Error or Failed",
    );
    expect(said({ types: ["a.a", "b.b", "c.c", "d.d", "e.e"] })).toBe("a.a, b.b, c.c or 2 more");
  });

  it("counts subjects, and has every other condition", () => {
    const filter = { agents: ["agent_1"], tasks: ["task_1", "task_2"], contexts: ["ctx_1"] };
    expect(said(filter)).toBe("all events, of 1 agent, of 2 tasks, of 1 context");
    expect(said({ subjects: ["x"], actors: ["y", "z"] })).toBe("all events, about 1 subject, caused by 2 actors");
    expect(said({ labels: { team: "core", zone: "eu" }, search: "disk" })).toBe(
      "all events, labelled team=core, labelled zone=eu, with “disk”",
    );
  });

  it("tells a state that it does not know as it is", () => {
    expect(said({ states: ["PONDERING"] })).toBe("all events, to PONDERING");
  });
});

it("takes what is no object of labels for none", () => {
  expect(labelTexts(null)).toEqual([]);
  expect(labelTexts("team=core")).toEqual([]);
});
