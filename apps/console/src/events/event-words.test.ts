import { describe, expect, it } from "vitest";
import type { EventLineFragment } from "#api/generated/graphql.ts";
import { EVENT_TYPES } from "#events/event-types.ts";
import { eventSentence, eventWords } from "#events/event-words.ts";

const common = {
  id: "event_7",
  type: "",
  at: "2026-11-21T06:23:11.162Z",
  actor: { kind: "SYSTEM", name: "dispatcher" },
  reason: null,
  subjectId: "agent_1",
  payload: {},
} as const;
const agent = { id: "agent_1", name: "reviewer" };
const context = { id: "ctx_1", name: "repository-knowledge" };

function transitioned(over: object = {}): EventLineFragment {
  return {
    ...common,
    __typename: "AgentTransitioned",
    from: "BUSY",
    to: "ERROR",
    durationMs: 7_400,
    agent,
    ...over,
  } as EventLineFragment;
}
function task(over: object = {}): EventLineFragment {
  return {
    ...common,
    __typename: "TaskTransitioned",
    taskFrom: "RUNNING",
    taskTo: "SUCCEEDED",
    attempt: 1,
    durationMs: 2_130,
    task: { id: "task_1", title: "test 4f1c2ab" },
    agent,
    ...over,
  } as EventLineFragment;
}
function version(over: object = {}): EventLineFragment {
  return {
    ...common,
    __typename: "ContextVersionWritten",
    number: 41,
    rolledBackTo: null,
    context,
    ...over,
  } as EventLineFragment;
}
function other(type: string, payload: object = {}, over: object = {}): EventLineFragment {
  return { ...common, __typename: "OtherEvent", type, payload, ...over } as EventLineFragment;
}

describe("an event in words", () => {
  it.each<[string, EventLineFragment]>([
    ["Busy → Error", transitioned()],
    [
      "Busy → Error: exit 137, third time in 90 s",
      transitioned({ reason: "x", payload: { error: "exit 137, third time in 90 s" } }),
    ],
    ["Busy → Error: It did not answer", transitioned({ reason: "It did not answer" })],
    [
      "Busy → Suspended: “lunch”",
      transitioned({ to: "SUSPENDED", reason: "lunch", actor: { kind: "USER", name: "Ada" } }),
    ],
    ["Task test 4f1c2ab: Running → Succeeded in 2.1 s", task()],
    [
      "Task test 4f1c2ab: Queued → Assigned after 68 ms",
      task({ taskFrom: "QUEUED", taskTo: "ASSIGNED", durationMs: 68.3 }),
    ],
    ["Task test 4f1c2ab created, Queued", task({ taskFrom: null, taskTo: "QUEUED", attempt: 0, durationMs: null })],
    [
      "Task test 4f1c2ab: Running → Queued in 40 s, attempt 2: no such commit",
      task({
        taskTo: "QUEUED",
        attempt: 2,
        durationMs: 40_100,
        payload: { error: { kind: "x", message: "no such commit" } },
      }),
    ],
    ["Task test: Running → Succeeded in 2.1 s", task({ task: null, payload: { kind: "test" } })],
    [
      "repository-knowledge 40 → 41: “tested 4f1c2ab: 34 passed”",
      version({ payload: { message: "tested 4f1c2ab: 34 passed" } }),
    ],
    ["repository-knowledge has its first version", version({ number: 1 })],
    [
      "repository-knowledge rolled back to 38, as version 41: “bad plan”",
      version({ rolledBackTo: 38, reason: "bad plan", actor: { kind: "USER", name: "Ada" } }),
    ],
    [
      "repository-knowledge: every agent has loaded version 42",
      {
        ...common,
        __typename: "RollbackSettled",
        version: 42,
        rollbackState: "SUCCEEDED",
        error: null,
        context,
      } as EventLineFragment,
    ],
    [
      "repository-knowledge was not loaded at version 42 by every agent: tester: disk full",
      {
        ...common,
        __typename: "RollbackSettled",
        version: 42,
        rollbackState: "FAILED",
        error: "tester: disk full",
        context,
      } as EventLineFragment,
    ],
    ["Registered", other("agent.registered", { name: "reviewer" })],
    ["Connected, as its process number 19", other("agent.connected", { incarnation: 19 })],
    [
      "Will be suspended when its tasks have ended: “lunch”",
      other(
        "agent.drain_requested",
        { action: "SUSPEND" },
        { reason: "lunch", actor: { kind: "API_KEY", name: "admin" } },
      ),
    ],
    ["Will not be suspended after all", other("agent.drain_cancelled", { action: "SUSPEND" })],
    ["Changed: labels, max concurrency", other("agent.updated", { changed: ["labels", "maxConcurrency"] })],
    ["Rolled back to its bundle 4", other("agent.rolled_back", { toBundle: 4, bundle: 9 })],
    ["Context notes opened", other("context.opened", { name: "notes" })],
    ["Context: changed its keep versions", other("context.updated", { changed: ["keepVersions"] })],
    ["Context: version 7 pinned as “before”", other("context.version_pinned", { number: 7, name: "before" })],
    [
      "Context: version 7 no longer pinned as “before”",
      other("context.version_unpinned", { number: 7, name: "before" }),
    ],
    [
      "Context: retention removed the data of 40 versions, up to 90",
      other("context.versions_pruned", { count: 40, through: 90 }),
    ],
    [
      "Asked again to load version 7 of a context that was rolled back: builder, tester",
      other("context.rollback_retried", { version: 7, agents: ["builder", "tester"], restarted: [] }),
    ],
    [
      "Loaded version 7 of a context that was rolled back",
      other("context.rollback_confirmed", { agent: "tester", version: 7, ok: true, error: null }),
    ],
    [
      "Could not load version 7 of a context that was rolled back: disk full",
      other("context.rollback_confirmed", { agent: "tester", version: 7, ok: false, error: "disk full" }),
    ],
    [
      "Left before it had loaded version 7 of a context that was rolled back",
      other("context.rollback_agent_dropped", { agent: "tester", version: 7 }),
    ],
    ["Webhook pager changed: name, url", other("webhook.updated", { name: "pager", changed: ["name", "url"] })],
    ["Webhook pager paused: It failed", other("webhook.paused", { name: "pager" }, { reason: "It failed" })],
    ["Workflow release created, 5 steps", other("workflow.created", { name: "release", taskCount: 5 })],
    [
      "Workflow release: Running → Failed",
      other("workflow.transitioned", { name: "release", from: "RUNNING", to: "FAILED" }),
    ],
    ["Schedule nightly created: 0 3 * * *", other("schedule.created", { name: "nightly", cron: "0 3 * * *" })],
    [
      "Schedule nightly could not create its task: no such queue",
      other("schedule.failed", { name: "nightly", error: "no such queue" }),
    ],
    ["Queue default resumed after 2 m 14 s", other("queue.resumed", { name: "default", durationMs: 134_000 })],
    ["Rate limit api set to 100 tasks in 1 m", other("rate_limit.created", { key: "api", max: 100, periodMs: 60_000 })],
    [
      "Bulk job “cancel” succeeded, 100 of 100, 2 failed",
      other("bulk_job.transitioned", { kind: "CANCEL", to: "SUCCEEDED", total: 100, pending: 0, failed: 2 }),
    ],
    ["Project app changed: name", other("project.updated", { name: "app", changed: ["name"] })],
    ["View “In error” saved", other("saved_view.created", { name: "In error" })],
    ["Definition Builder has version 3", other("definition.version_added", { name: "Builder", version: 3 })],
  ])("reads %s", (sentence, event) => {
    expect(eventSentence(event)).toBe(sentence);
  });

  it("says whose it is, where that is not clear", () => {
    expect(eventSentence(transitioned(), { whose: true })).toBe("reviewer: Busy → Error");
    expect(eventSentence(task(), { whose: true })).toBe("reviewer: task test 4f1c2ab: Running → Succeeded in 2.1 s");
    expect(eventSentence(other("agent.registered", { name: "reviewer" }), { whose: true })).toBe(
      "reviewer: Registered",
    );
  });

  it("names the agent and the context that it concerns", () => {
    const updated = other("agent.updated", { changed: ["labels"] }, { agent });
    expect(eventSentence(updated, { whose: true })).toBe("reviewer: Changed: labels");
    const pinned = other("context.version_pinned", { number: 7, name: "before" }, { context });
    expect(eventSentence(pinned)).toBe("repository-knowledge: version 7 pinned as “before”");
  });

  it("names a webhook once", () => {
    expect(eventSentence(other("webhook.created", { name: "pager" }), { whose: true })).toBe("Webhook pager created");
    expect(eventSentence(other("queue.paused", { name: "default" }), { whose: true })).toBe("Queue default paused");
  });

  it("says which agent answered a rollback", () => {
    const event = other("context.rollback_confirmed", { agent: "tester", version: 7, ok: true, error: null });
    expect(eventSentence(event, { whose: true })).toBe("tester: Loaded version 7 of a context that was rolled back");
  });

  it.each([
    ["task.chunk_dropped", "Task: chunk dropped"],
    ["quota.exceeded", "Quota: exceeded"],
    ["strange", "Strange"],
  ])("of the unknown type %s still reads sensibly", (type, sentence) => {
    expect(eventSentence(other(type, { anything: [1] }))).toBe(sentence);
  });

  it.each(Object.values(EVENT_TYPES).flat())("reads %s without what it is expected to carry", (type) => {
    for (const payload of [null, 5, "text", [], {}]) {
      expect(eventSentence({ ...common, __typename: "OtherEvent", type, payload } as EventLineFragment)).not.toContain(
        "undefined",
      );
    }
  });

  it("begins with the shape of the state it led to", () => {
    expect(eventWords(transitioned()).mark).toEqual({ agentState: "ERROR" });
    expect(eventWords(task()).mark).toEqual({ taskState: "SUCCEEDED" });
    expect(eventWords(version()).mark).toBe("context");
    expect(eventWords(other("agent.connected")).mark).toBe("note");
  });
});
