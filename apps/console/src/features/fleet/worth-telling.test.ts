import { describe, expect, it } from "vitest";
import type { EventLineFragment } from "#api/generated/graphql.ts";
import { eventHref, isNews } from "#features/fleet/worth-telling.ts";

const project = { workspace: "demo", project: "app" };
const agent = { id: "agent_1", name: "tester" };

function event(typename: EventLineFragment["__typename"], over: object): EventLineFragment {
  return { __typename: typename, id: "event_7", subjectId: "wks_1", ...over } as EventLineFragment;
}

describe("what is news", () => {
  it.each<[boolean, EventLineFragment]>([
    [false, event("AgentTransitioned", { from: "IDLE", to: "BUSY" })],
    [false, event("AgentTransitioned", { from: "BUSY", to: "IDLE" })],
    [true, event("AgentTransitioned", { from: "BUSY", to: "ERROR" })],
    [true, event("AgentTransitioned", { from: "ONLINE", to: "IDLE" })],
    [false, event("TaskTransitioned", { taskFrom: null, taskTo: "QUEUED" })],
    [false, event("TaskTransitioned", { taskFrom: "QUEUED", taskTo: "ASSIGNED" })],
    [true, event("TaskTransitioned", { taskFrom: "ASSIGNED", taskTo: "RUNNING" })],
    [true, event("TaskTransitioned", { taskFrom: "RUNNING", taskTo: "QUEUED" })],
    [true, event("ContextVersionWritten", {})],
    [true, event("OtherEvent", { type: "agent.registered" })],
  ])("%s: %o", (news, one) => {
    expect(isNews(one)).toBe(news);
  });
});

describe("where an event is told in full", () => {
  it.each<[string, EventLineFragment]>([
    ["agents/agent_1?event=event_7", event("AgentTransitioned", { agent })],
    ["agents/agent_1?event=event_7", event("TaskTransitioned", { agent })],
    ["fleet", event("TaskTransitioned", { agent: null })],
    ["contexts/ctx_1?version=41", event("ContextVersionWritten", { number: 41, context: { id: "ctx_1" } })],
    ["fleet", event("ContextVersionWritten", { number: 41, context: null })],
    ["contexts/ctx_1?version=42", event("RollbackSettled", { version: 42, context: { id: "ctx_1" } })],
    ["agents/agent_2?event=event_7", event("OtherEvent", { subjectId: "agent_2" })],
    ["contexts/ctx_2", event("OtherEvent", { subjectId: "ctx_2" })],
    ["webhooks/whk_1", event("OtherEvent", { subjectId: "whk_1" })],
    ["fleet", event("OtherEvent", { subjectId: "def_1" })],
  ])("is %s", (end, one) => {
    expect(eventHref(project, one)).toBe(`/projects/demo/app/${end}`);
  });
});
