import { AGENT_ACTIONS, AGENT_STATES, agentLifecycle } from "@muster/domain/agent-lifecycle.ts";
import { Conflict, Forbidden, IllegalTransition, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { actionsOf, allowedActions, nextState } from "@muster/domain/lifecycle.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, addProject, callerOf, createFixture, type Fixture } from "../../test/fixtures.ts";
import { agentEvents, agentRow, holdTask, transitionsOf } from "../../test/held-tasks.ts";
import { newId } from "../new-id.ts";
import { completeTask } from "../tasks/complete-task.ts";
import { cancelPendingAction } from "./cancel-pending-action.ts";
import { failAgent } from "./fail-agent.ts";
import { moveAgent } from "./move-agent.ts";
import { transitionAgent, type TransitionAgentInput } from "./transition-agent.ts";

let fixture: Fixture;
let names = 0;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const agentIn = (state: (typeof AGENT_STATES)[number]) => addAgent(fixture, `agent ${names++}`, state);
const ask = (agentId: string, action: TransitionAgentInput["action"], more: Partial<TransitionAgentInput> = {}) =>
  transitionAgent(fixture.runtime, fixture.admin, { agentId, action, reason: "because", ...more });
const complete = (task: { id: string; attempt: number }) =>
  completeTask(fixture.runtime, fixture.admin, { taskId: task.id, attempt: task.attempt, output: null });
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error("It did not fail.");
    },
    (error: unknown) => error,
  );

describe("transitionAgent in every state", () => {
  const operatorActions = actionsOf(agentLifecycle, "operator");

  it.each(AGENT_STATES)("from %s moves as the lifecycle says, or lists what is allowed", async (state) => {
    for (const action of AGENT_ACTIONS) {
      const { id } = await agentIn(state);
      const target = operatorActions.includes(action) ? nextState(agentLifecycle, state, action) : null;
      if (target !== null) {
        const agent = await ask(id, action);
        expect(agent).toMatchObject({ id, state: target, version: 2 });
        expect(await transitionsOf(fixture, id)).toEqual([`${action} ${state}>${target}`]);
      } else {
        const error = await failure(ask(id, action));
        expect(error).toBeInstanceOf(IllegalTransition);
        expect(error).toMatchObject({ state, action, allowed: allowedActions(agentLifecycle, state, "operator") });
        expect(await agentEvents(fixture, id)).toEqual([]);
      }
    }
  });
});

describe("a transition", () => {
  it("is logged with who, why, from, to and how long it had been there", async () => {
    const { id } = await agentIn("ONLINE");
    await fixture.database.query(sql`update agents set state_since = state_since - interval '10 s' where id = ${id}`);
    const agent = await ask(id, "SUSPEND", { reason: "cost" });
    const [event] = await fixture.database.query<Record<string, unknown>>(
      sql`select * from events where subject_id = ${id}`,
    );
    expect(event).toMatchObject({
      type: "agent.transitioned",
      workspace_id: fixture.workspaceId,
      project_id: fixture.projectId,
      agent_id: id,
      task_id: null,
      subject_version: 2,
      actor_kind: "API_KEY",
      actor_name: "admin",
      reason: "cost",
      correlation_id: "test",
      payload: { from: "ONLINE", to: "SUSPENDED", action: "SUSPEND", mode: "DRAIN" },
      at: agent.stateSince,
    });
    const durationMs = (event?.["payload"] as Record<string, unknown> | undefined)?.["durationMs"];
    expect(durationMs).toBeGreaterThanOrEqual(10_000);
    expect(durationMs).toBeLessThan(60_000);
  });

  it("never goes back in time", async () => {
    const { id } = await agentIn("ONLINE");
    await fixture.database.query(sql`update agents set state_since = '2100-01-01' where id = ${id}`);
    expect((await ask(id, "SUSPEND")).stateSince).toEqual(new Date("2100-01-01"));
  });

  it("is refused when the agent is not in the expected state", async () => {
    const { id } = await agentIn("IDLE");
    const error = await failure(ask(id, "SUSPEND", { expectedState: "ONLINE" }));
    expect(error).toBeInstanceOf(Conflict);
    expect(error).toMatchObject({ expected: "ONLINE", actual: "IDLE" });
    expect(await agentRow(fixture, id)).toMatchObject({ state: "IDLE", version: 1 });
    expect((await ask(id, "SUSPEND", { expectedState: "IDLE" })).state).toBe("SUSPENDED");
    // Also where a transaction is needed.
    await expect(ask(id, "STOP", { expectedState: "IDLE" })).rejects.toThrow(Conflict);
    expect((await ask(id, "STOP", { expectedState: "SUSPENDED" })).state).toBe("OFFLINE");
  });

  it("answers a foreign agent like a missing one, and writes nothing", async () => {
    const elsewhere = await addProject(fixture.database);
    const stranger = await addAgent(fixture, "stranger", "ONLINE", elsewhere);
    const reach = { workspaceId: fixture.workspaceId, projectId: null };
    const caller = callerOf({ kind: "USER", name: "u", reach, permissions: fixture.admin.actor.permissions });
    for (const agentId of [stranger.id, newId()]) {
      for (const action of ["SUSPEND", "STOP"] as const) {
        const error = await failure(transitionAgent(fixture.runtime, caller, { agentId, action, reason: "r" }));
        expect(error).toEqual(new NotFound("agent"));
      }
    }
    expect(await agentRow(fixture, stranger.id)).toMatchObject({ state: "ONLINE", version: 1 });
  });

  it("needs the permission and a reason", async () => {
    const { id, caller } = await agentIn("ONLINE");
    await expect(
      transitionAgent(fixture.runtime, caller, { agentId: id, action: "STOP", reason: "r" }),
    ).rejects.toThrow(Forbidden);
    for (const reason of ["", "a\0b", "\ud800", "x".repeat(1001)]) {
      await expect(ask(id, "STOP", { reason })).rejects.toThrow(InvalidInput);
    }
    await expect(ask(id, "EXPLODE" as never)).rejects.toThrow(InvalidInput);
    expect(await agentEvents(fixture, id)).toEqual([]);
  });
});

describe("draining", () => {
  it.each([
    ["SUSPEND", "SUSPENDED"],
    ["MAINTAIN", "MAINTENANCE"],
    ["STOP", "OFFLINE"],
    ["RESTART", "DEPLOYING"],
  ] as const)("%s waits for the last task", async (action, target) => {
    const { id } = await agentIn("ONLINE");
    const tasks = [await holdTask(fixture, id), await holdTask(fixture, id)] as const;
    const draining = await ask(id, action, { reason: "upgrade" });
    expect(draining).toMatchObject({ state: "BUSY", pendingAction: action, pendingReason: "upgrade", activeTasks: 2 });
    expect(draining.pendingSince).toBeInstanceOf(Date);
    await expect(holdTask(fixture, id)).rejects.toThrow("not given");
    await complete(tasks[0]);
    expect(await agentRow(fixture, id)).toMatchObject({ state: "BUSY", pendingAction: action, activeTasks: 1 });
    await complete(tasks[1]);
    expect(await agentRow(fixture, id)).toMatchObject({ state: target, pendingAction: null, activeTasks: 0 });
    const events = await agentEvents(fixture, id);
    expect(events.map((event) => [event.type, event.payload["action"], event.version])).toEqual([
      ["agent.transitioned", "ASSIGN", 2],
      ["agent.drain_requested", action, 2],
      ["agent.transitioned", "RELEASE", 3],
      ["agent.transitioned", action, 4],
    ]);
    expect(events.at(-1)).toMatchObject({ actor: "admin", reason: "upgrade", payload: { mode: "DRAIN" } });
  });

  it("is taken back by cancelPendingAction, once", async () => {
    const { id } = await agentIn("ONLINE");
    const task = await holdTask(fixture, id);
    const cancel = () => cancelPendingAction(fixture.runtime, fixture.admin, { agentId: id, reason: "not now" });
    await expect(cancel()).rejects.toThrow(Conflict);
    await ask(id, "STOP");
    expect(await cancel()).toMatchObject({
      pendingAction: null,
      pendingReason: null,
      pendingSince: null,
      pendingActor: null,
    });
    await expect(cancel()).rejects.toThrow(Conflict);
    expect((await agentEvents(fixture, id)).at(-1)).toMatchObject({
      type: "agent.drain_cancelled",
      reason: "not now",
      payload: { action: "STOP" },
    });
    await complete(task);
    expect((await agentRow(fixture, id)).state).toBe("IDLE");
    await expect(
      cancelPendingAction(fixture.runtime, fixture.admin, { agentId: newId(), reason: "r" }),
    ).rejects.toThrow(NotFound);
    const { caller } = await agentIn("ONLINE");
    await expect(cancelPendingAction(fixture.runtime, caller, { agentId: id, reason: "r" })).rejects.toThrow(Forbidden);
  });

  it("goes to the newest request", async () => {
    const { id } = await agentIn("ONLINE");
    const task = await holdTask(fixture, id);
    await ask(id, "STOP");
    await ask(id, "SUSPEND");
    await complete(task);
    expect((await agentRow(fixture, id)).state).toBe("SUSPENDED");
  });

  it("is replaced by what an operator asks for now", async () => {
    const { id } = await agentIn("ONLINE");
    await holdTask(fixture, id);
    await ask(id, "SUSPEND");
    expect(await ask(id, "STOP", { mode: "NOW" })).toMatchObject({
      state: "OFFLINE",
      pendingAction: null,
      activeTasks: 0,
    });
  });

  it("fires also when the agent fails on the way", async () => {
    const { id, caller } = await agentIn("ONLINE");
    await holdTask(fixture, id);
    await ask(id, "SUSPEND");
    const agent = await failAgent(fixture.runtime, caller, { agentId: id, error: "out of memory" });
    expect(agent).toMatchObject({ state: "SUSPENDED", pendingAction: null, lastError: "out of memory", errorCount: 1 });
    expect((await transitionsOf(fixture, id)).slice(1)).toEqual(["FAIL BUSY>ERROR", "SUSPEND ERROR>SUSPENDED"]);
  });

  it("is over when the agent has got there by itself", async () => {
    const { id } = await agentIn("ONLINE");
    await holdTask(fixture, id);
    await ask(id, "STOP");
    const exit = { agentId: id, action: "STOP", trigger: "runtime", reason: "exit code 0" } as const;
    expect(await moveAgent(fixture.runtime, fixture.admin, exit)).toMatchObject({
      state: "OFFLINE",
      pendingAction: null,
    });
  });
});
