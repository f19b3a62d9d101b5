import type { AGENT_STATES } from "@muster/domain/agent-lifecycle.ts";
import { Forbidden, IllegalTransition, NotFound } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, createFixture, type Fixture } from "../../test/fixtures.ts";
import { agentEvents, agentRow, holdTask, taskStates, transitionsOf } from "../../test/held-tasks.ts";
import { newId } from "../new-id.ts";
import { completeTask } from "../tasks/complete-task.ts";
import { connectAgent } from "./connect-agent.ts";
import { moveAgent } from "./move-agent.ts";
import { transitionAgent } from "./transition-agent.ts";

let fixture: Fixture;
let names = 0;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const agentIn = (state: (typeof AGENT_STATES)[number]) => addAgent(fixture, `agent ${names++}`, state);
const connect = (agentId: string, caller = fixture.admin, capabilities?: string[]) =>
  connectAgent(fixture.runtime, caller, { agentId, ...(capabilities && { capabilities }) });

describe("connectAgent", () => {
  it.each([
    ["REGISTERED", ["ACTIVATE REGISTERED>ONLINE"]],
    ["DEPLOYING", ["ACTIVATE DEPLOYING>ONLINE"]],
    ["OFFLINE", ["ACTIVATE OFFLINE>ONLINE"]],
    ["IDLE", ["ACTIVATE IDLE>ONLINE"]],
    ["UNRESPONSIVE", ["RECOVER UNRESPONSIVE>ONLINE"]],
    ["ERROR", ["RECOVER ERROR>ONLINE"]],
    ["ONLINE", []],
    ["SUSPENDED", []],
    ["MAINTENANCE", []],
  ] as const)("from %s", async (state, transitions) => {
    const { id, caller } = await agentIn(state);
    const { agent, incarnation } = await connect(id, caller);
    expect(incarnation).toBe(1);
    expect(agent).toMatchObject({
      incarnation: 1,
      state: transitions.length > 0 ? "ONLINE" : state,
      version: 1 + transitions.length,
    });
    expect(await transitionsOf(fixture, id)).toEqual(transitions);
    const [connected] = await agentEvents(fixture, id);
    expect(connected).toMatchObject({ type: "agent.connected", version: 1, payload: { incarnation: 1 } });
    const [beat] = await fixture.database.query(
      sql`select incarnation, sequence from agent_heartbeats where agent_id = ${id}`,
    );
    expect(beat).toEqual({ incarnation: 1, sequence: "0" });
  });

  it("is refused when decommissioned, and changes nothing", async () => {
    const { id, caller } = await agentIn("DECOMMISSIONED");
    await expect(connect(id, caller)).rejects.toThrow(IllegalTransition);
    expect(await agentRow(fixture, id)).toMatchObject({ incarnation: 0, version: 1 });
    expect(await agentEvents(fixture, id)).toEqual([]);
  });

  it("gives back what an older process held: the new one does not know it", async () => {
    const { id } = await agentIn("ONLINE");
    const tasks = [await holdTask(fixture, id), await holdTask(fixture, id, { start: false })];
    const { agent } = await connect(id);
    expect(agent).toMatchObject({ state: "ONLINE", activeTasks: 0, incarnation: 1 });
    expect(await taskStates(fixture, tasks)).toEqual([
      { state: "QUEUED", failures: 1 },
      { state: "QUEUED", failures: 0 },
    ]);
    expect((await transitionsOf(fixture, id)).slice(1)).toEqual(["RELEASE BUSY>IDLE", "ACTIVATE IDLE>ONLINE"]);
    const stale = completeTask(fixture.runtime, fixture.admin, {
      taskId: tasks[0]?.id ?? "",
      attempt: 1,
      output: null,
    });
    await expect(stale).rejects.toMatchObject({ code: "LEASE_LOST" });
  });

  it("recovers without the tasks that a lost process held", async () => {
    const { id } = await agentIn("ONLINE");
    const task = await holdTask(fixture, id);
    await moveAgent(fixture.runtime, fixture.admin, {
      agentId: id,
      action: "LOSE",
      trigger: "system",
      reason: "silent",
    });
    expect((await connect(id)).agent).toMatchObject({ state: "ONLINE", activeTasks: 0 });
    expect(await taskStates(fixture, [task])).toEqual([{ state: "QUEUED", failures: 1 }]);
  });

  it("lets a pending action have its way", async () => {
    const { id } = await agentIn("ONLINE");
    await holdTask(fixture, id);
    await transitionAgent(fixture.runtime, fixture.admin, { agentId: id, action: "SUSPEND", reason: "cost" });
    expect((await connect(id)).agent).toMatchObject({ state: "SUSPENDED", pendingAction: null, incarnation: 1 });
    const stopping = await agentIn("ONLINE");
    await holdTask(fixture, stopping.id);
    await transitionAgent(fixture.runtime, fixture.admin, { agentId: stopping.id, action: "STOP", reason: "cost" });
    expect((await connect(stopping.id)).agent.state).toBe("OFFLINE");
  });

  it("adds capabilities to the definition's, and heals the assignment channel", async () => {
    const { id } = await agentIn("ONLINE");
    await fixture.database.query(sql`update agents set missed_offers = 3 where id = ${id}`);
    expect((await connect(id, fixture.admin, ["review", "build"])).agent).toMatchObject({
      capabilities: ["build", "review"],
      missedOffers: 0,
    });
    expect((await connect(id)).agent.capabilities).toEqual(["build"]);
  });

  it("gives each of many that connect at once a number of its own", async () => {
    const { id, caller } = await agentIn("REGISTERED");
    const connected = await Promise.all(Array.from({ length: 10 }, () => connect(id, caller)));
    expect(connected.map((result) => result.incarnation).sort((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    expect(await agentRow(fixture, id)).toMatchObject({ incarnation: 10, version: 2, state: "ONLINE" });
    const [beat] = await fixture.database.query(sql`select incarnation from agent_heartbeats where agent_id = ${id}`);
    expect(beat).toEqual({ incarnation: 10 });
  });

  it("is for the agent itself", async () => {
    const [one, other] = [await agentIn("ONLINE"), await agentIn("ONLINE")];
    await expect(connect(other.id, one.caller)).rejects.toThrow(Forbidden);
    await expect(connect(newId())).rejects.toThrow(NotFound);
  });
});
