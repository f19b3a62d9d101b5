import { describe, expect, it } from "vitest";
import { filterOf, formOf, labelIn, NO_CONDITION, withOneValueEach } from "#features/webhooks/filter-form.ts";

const NONE = { subjects: null, tasks: null, contexts: null, actors: null };

describe("a filter in a form", () => {
  it("is empty for all events, and all events when it is empty", () => {
    const all = { ...NONE, types: null, agents: null, states: null, labels: null, search: null };
    expect(formOf(all)).toEqual(NO_CONDITION);
    expect(filterOf(NO_CONDITION)).toEqual({});
    expect(filterOf({ ...NO_CONDITION, search: "  " })).toEqual({});
  });

  it("comes back as it was", () => {
    const filter = {
      types: ["agent.transitioned"],
      states: ["ERROR"],
      agents: ["agent_1", "agent_2"],
      labels: { team: "core", formula: "a=b" },
      search: "disk",
    };
    expect(filterOf(formOf({ ...NONE, ...filter }))).toEqual(filter);
  });
});

describe("a label", () => {
  it.each([
    ["team=core", "team=core"],
    [" team = core ", "team=core"],
    ["formula=a=b", "formula=a=b"],
    ["team", null],
    ["=core", null],
    ["team=", null],
    ["", null],
  ])("in %j is %j", (text, label) => {
    expect(labelIn(text)).toBe(label);
  });

  it("has one value for each name, the last", () => {
    expect(withOneValueEach(["team=core", "zone=eu", "team=web"])).toEqual(["team=web", "zone=eu"]);
  });
});
