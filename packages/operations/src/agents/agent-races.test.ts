import { openDatabase } from "@muster/database/database.ts";
import type { AgentAction } from "@muster/domain/agent-lifecycle.ts";
import { Conflict, IllegalTransition } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, createFixture, type Fixture } from "../../test/fixtures.ts";
import { agentEvents, agentRow, holdTask, transitionsOf } from "../../test/held-tasks.ts";
import type { Runtime } from "../runtime.ts";
import { completeTask } from "../tasks/complete-task.ts";
import { connectAgent } from "./connect-agent.ts";
import { transitionAgent } from "./transition-agent.ts";

/** Replicas: each with a pool of its own. */
let fixture: Fixture;
let replicas: Runtime[];
let names = 0;
beforeAll(async () => {
  fixture = await createFixture();
  replicas = Array.from({ length: 4 }, () => ({
    ...fixture.runtime,
    database: openDatabase({ url: fixture.url, connections: 4 }),
  }));
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.database.close()));
  await fixture.close();
});

const everywhere = <Result>(work: (replica: Runtime, at: number) => Promise<Result>) =>
  Promise.allSettled(Array.from({ length: 16 }, (_, at) => work(replicas[at % replicas.length] as Runtime, at)));
const ask = (replica: Runtime, agentId: string, action: AgentAction, more = {}) =>
  transitionAgent(replica, fixture.admin, { agentId, action, reason: "race", ...more });

describe("at once, on several replicas", () => {
  it.each(["SUSPEND", "STOP"] as const)("one %s of many wins, and the others hear what is", async (action) => {
    const { id } = await addAgent(fixture, `agent ${names++}`, "ONLINE");
    const results = await everywhere((replica) => ask(replica, id, action, { expectedState: "ONLINE" }));
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    for (const result of results) if (result.status === "rejected") expect(result.reason).toBeInstanceOf(Conflict);
    expect(await agentRow(fixture, id)).toMatchObject({ version: 2 });
    expect(await transitionsOf(fixture, id)).toHaveLength(1);
  });

  it("different actions follow each other in one order, each from where the one before led", async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await addAgent(fixture, `agent ${names++}`, "ONLINE");
      const actions: AgentAction[] = ["SUSPEND", "RESUME", "MAINTAIN", "STOP", "START", "FAIL", "RECOVER", "RESTART"];
      const results = await everywhere((replica, at) => ask(replica, id, actions[at % actions.length] as AgentAction));
      for (const result of results)
        if (result.status === "rejected") expect(result.reason).toBeInstanceOf(IllegalTransition);
      const moves = (await transitionsOf(fixture, id)).map((move) => move.split(" ")[1]?.split(">") ?? []);
      expect(moves).toHaveLength(results.filter((result) => result.status === "fulfilled").length);
      moves.reduce((state, [from = "", to = ""]) => {
        expect(from).toBe(state);
        return to;
      }, "ONLINE");
      expect(await agentRow(fixture, id)).toMatchObject({ version: moves.length + 1, state: moves.at(-1)?.[1] });
      const events = await agentEvents(fixture, id);
      expect(events.map((event) => event.version)).toEqual(events.map((_, at) => at + 2));
    }
  });

  it("a drain and the end of the last task leave no agent draining for ever", async () => {
    for (let round = 0; round < 20; round++) {
      const { id } = await addAgent(fixture, `agent ${names++}`, "ONLINE");
      const task = await holdTask(fixture, id);
      const end = completeTask(replicas[0] as Runtime, fixture.admin, { taskId: task.id, attempt: 1, output: null });
      await Promise.all([end, ask(replicas[1] as Runtime, id, "STOP")]);
      expect(await agentRow(fixture, id)).toMatchObject({ state: "OFFLINE", pendingAction: null, activeTasks: 0 });
    }
  });

  it("tasks that end while their agent is stopped are counted once", async () => {
    for (let round = 0; round < 15; round++) {
      const { id } = await addAgent(fixture, `agent ${names++}`, "ONLINE");
      const tasks = [await holdTask(fixture, id), await holdTask(fixture, id), await holdTask(fixture, id)];
      const ends = tasks.map((task, at) =>
        completeTask(replicas[at] as Runtime, fixture.admin, { taskId: task.id, attempt: 1, output: null }),
      );
      const results = await Promise.allSettled([...ends, ask(replicas[3] as Runtime, id, "STOP", { mode: "NOW" })]);
      expect(results[3]?.status).toBe("fulfilled");
      for (const result of results) {
        if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "LEASE_LOST" });
      }
      expect(await agentRow(fixture, id)).toMatchObject({ state: "OFFLINE", activeTasks: 0 });
      const ended = results.slice(0, 3).filter((result) => result.status === "fulfilled").length;
      const [states] = await fixture.database.query(
        sql`select count(*) filter (where state = 'SUCCEEDED')::int as ended from tasks where agent_id = ${id}`,
      );
      expect(states).toEqual({ ended });
    }
  });

  it("connections and transitions leave the newest incarnation and a whole log", async () => {
    const { id } = await addAgent(fixture, `agent ${names++}`, "REGISTERED");
    const results = await everywhere((replica, at): Promise<unknown> =>
      at % 2 === 0
        ? connectAgent(replica, fixture.admin, { agentId: id })
        : ask(replica, id, at % 4 === 1 ? "STOP" : "SUSPEND"),
    );
    for (const result of results)
      if (result.status === "rejected") expect(result.reason).toBeInstanceOf(IllegalTransition);
    const row = await agentRow(fixture, id);
    expect(row.incarnation).toBe(8);
    expect(await transitionsOf(fixture, id)).toHaveLength(row.version - 1);
  });
});
