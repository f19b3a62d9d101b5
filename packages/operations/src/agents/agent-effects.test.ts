import type { AGENT_STATES } from "@muster/domain/agent-lifecycle.ts";
import { Forbidden, IllegalTransition } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, createFixture, type Fixture } from "../../test/fixtures.ts";
import { agentEvents, agentRow, holdTask, taskStates, transitionsOf } from "../../test/held-tasks.ts";
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

describe("an agent without tasks", () => {
  it("moves by one statement, where nothing has to follow", async () => {
    const { id } = await agentIn("ONLINE");
    let statements = 0;
    const { database } = fixture;
    const run: typeof database.run = (statement, values) => {
      statements++;
      return database.run(statement, values);
    };
    const transaction = () => Promise.reject(new Error("A transaction is not needed."));
    const runtime = { ...fixture.runtime, database: { ...database, run, transaction } };
    for (const action of ["SUSPEND", "RESUME", "MAINTAIN", "RESTART"] as const) {
      await transitionAgent(runtime, fixture.admin, { agentId: id, action, reason: "test" });
    }
    expect(statements).toBe(4);
    expect(await agentRow(fixture, id)).toMatchObject({ state: "DEPLOYING", version: 5 });
  });
});

describe("mode NOW", () => {
  it("moves at once and gives tasks back or fails them by their retry policy", async () => {
    const { id } = await agentIn("ONLINE");
    const tasks = [
      await holdTask(fixture, id, { start: false }),
      await holdTask(fixture, id),
      await holdTask(fixture, id, { maxFailures: 1 }),
    ];
    const agent = await ask(id, "SUSPEND", { mode: "NOW" });
    expect(agent).toMatchObject({ state: "SUSPENDED", activeTasks: 0, pendingAction: null });
    expect(await agentRow(fixture, id)).toMatchObject({ state: "SUSPENDED", activeTasks: 0, version: 3 });
    expect(await taskStates(fixture, tasks)).toEqual([
      { state: "QUEUED", failures: 0 },
      { state: "QUEUED", failures: 1 },
      { state: "FAILED", failures: 1 },
    ]);
    expect((await agentEvents(fixture, id)).at(-1)?.payload).toMatchObject({ action: "SUSPEND", mode: "NOW" });
  });

  it("moves tasks at one moment: what it takes away together keeps its order", async () => {
    const { id } = await agentIn("ONLINE");
    for (let n = 0; n < 5; n += 1) await holdTask(fixture, id);
    await ask(id, "SUSPEND", { mode: "NOW" });
    const [moments] = await fixture.database.query(
      sql`select count(*)::int as tasks, count(distinct state_since)::int as moments from tasks where agent_id = ${id} and state = 'QUEUED'`,
    );
    expect(moments).toEqual({ tasks: 5, moments: 1 });
  });
});

describe("effects", () => {
  it("ERROR records and counts the error, and gives the tasks back", async () => {
    const { id, caller } = await agentIn("ONLINE");
    const task = await holdTask(fixture, id);
    const failed = await failAgent(fixture.runtime, caller, { agentId: id, error: "segmentation fault" });
    expect(failed).toMatchObject({ state: "ERROR", lastError: "segmentation fault", errorCount: 1, activeTasks: 0 });
    expect(await taskStates(fixture, [task])).toEqual([{ state: "QUEUED", failures: 1 }]);
    expect((await agentEvents(fixture, id)).at(-1)).toMatchObject({
      payload: { error: "segmentation fault" },
      actor: caller.actor.name,
    });
    await ask(id, "RECOVER");
    expect(await ask(id, "FAIL", { reason: "looks wrong" })).toMatchObject({
      state: "ERROR",
      lastError: "looks wrong",
      errorCount: 2,
    });
    await expect(failAgent(fixture.runtime, caller, { agentId: id, error: "again" })).rejects.toThrow(
      IllegalTransition,
    );
  });

  it("an agent that comes back with tasks is BUSY", async () => {
    const { id } = await agentIn("ONLINE");
    await holdTask(fixture, id);
    await moveAgent(fixture.runtime, fixture.admin, {
      agentId: id,
      action: "LOSE",
      trigger: "system",
      reason: "silent",
    });
    expect(await agentRow(fixture, id)).toMatchObject({ state: "UNRESPONSIVE", activeTasks: 1 });
    expect(await ask(id, "RECOVER")).toMatchObject({ state: "BUSY", activeTasks: 1, version: 5 });
    expect((await transitionsOf(fixture, id)).slice(-2)).toEqual(["RECOVER UNRESPONSIVE>ONLINE", "ASSIGN ONLINE>BUSY"]);
  });

  it.each(["MAINTAIN", "START", "RESTART", "STOP", "FAIL", "DECOMMISSION"] as const)(
    "%s takes the tasks off an agent that was lost",
    async (action) => {
      const { id } = await agentIn("ONLINE");
      const task = await holdTask(fixture, id);
      await moveAgent(fixture.runtime, fixture.admin, {
        agentId: id,
        action: "LOSE",
        trigger: "system",
        reason: "silent",
      });
      expect((await ask(id, action)).activeTasks).toBe(0);
      expect(await taskStates(fixture, [task])).toEqual([{ state: "QUEUED", failures: 1 }]);
    },
  );

  it("an agent speaks for itself only", async () => {
    const [one, other] = [await agentIn("ONLINE"), await agentIn("ONLINE")];
    await expect(failAgent(fixture.runtime, one.caller, { agentId: other.id, error: "e" })).rejects.toThrow(Forbidden);
    const trigger = { agentId: one.id, action: "SUSPEND", trigger: "agent", reason: null } as const;
    await expect(moveAgent(fixture.runtime, one.caller, trigger)).rejects.toThrow(IllegalTransition);
  });
});
