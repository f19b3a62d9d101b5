import { expect, it } from "vitest";
import type { EventLineFragment } from "#api/generated/graphql.ts";
import { eventTargets } from "#events/event-targets.ts";

const project = { workspace: "demo", project: "app" };
const common = { type: "", actor: { kind: "SYSTEM", id: null, name: "muster" }, payload: {} };
const targets = (event: object) =>
  eventTargets({ ...common, ...event } as EventLineFragment, project).map(({ kind, name }) => `${kind} ${name}`);
const other = (subjectId: string, payload: object = {}) => ({ __typename: "OtherEvent", subjectId, payload });

it.each<[string[], object]>([
  [
    ["Agent builder"],
    { __typename: "AgentTransitioned", subjectId: "agent_1", agent: { id: "agent_1", name: "builder" } },
  ],
  [
    ["Task build", "Agent builder"],
    {
      __typename: "TaskTransitioned",
      subjectId: "task_1",
      task: { id: "task_1", title: "build" },
      agent: { id: "agent_1", name: "builder" },
    },
  ],
  [
    ["Context notes", "Version 41", "Compare 40 → 41", "Agent builder"],
    {
      __typename: "ContextVersionWritten",
      subjectId: "ctx_1",
      context: { id: "ctx_1", name: "notes" },
      payload: { number: 41 },
      actor: { kind: "AGENT", id: "agent_1", name: "builder" },
    },
  ],
  [
    ["Context notes", "Version 1"],
    { ...other("ctx_1", { name: "notes", number: 1 }), __typename: "ContextVersionWritten", context: null },
  ],
  [["Agent reviewer"], other("agent_2", { name: "reviewer" })],
  [["Workflow release"], other("wfl_1", { name: "release" })],
  [["Schedule nightly"], other("sch_1", { name: "nightly" })],
  [["Webhook pager"], other("whk_1", { name: "pager" })],
  [["Queues default"], other("que_1", { name: "default" })],
  [["Queues api"], other("rate_1", { key: "api" })],
  [["Bulk job job_1"], other("job_1")],
  [["Definition Builder"], other("def_1", { name: "Builder", slug: "builder" })],
  [[], other("wks_1")],
])("leads to %j", (expected, event) => {
  expect(targets(event)).toEqual(expected);
});

it("leads to each page once", () => {
  const agent = { id: "agent_1", name: "builder" };
  const actor = { kind: "AGENT", id: "agent_1", name: "builder" };
  expect(targets({ __typename: "AgentTransitioned", subjectId: "agent_1", agent, actor })).toEqual(["Agent builder"]);
});
