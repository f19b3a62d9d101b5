import { setTimeout as sleep } from "node:timers/promises";
import type { AgentState } from "@muster/domain/agent-lifecycle.ts";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addAgent, createFixture, type Fixture } from "../../test/fixtures.ts";
import { agentEvents, agentRow, holdTask, transitionsOf } from "../../test/held-tasks.ts";
import type { Runtime } from "../runtime.ts";
import { createAgentSweeper } from "./agent-sweeper.ts";
import { loseAgents } from "./lose-agents.ts";

const TIMEOUT_MS = 1_000;
let fixture: Fixture;
let names = 0;
beforeEach(async () => {
  fixture = await createFixture({ heartbeatTimeoutMs: TIMEOUT_MS, deployTimeoutMs: 2_000 });
});
afterEach(() => fixture.close());

/** An agent whose last sign of life, and whose state, is so old. */
async function silentAgent(state: AgentState, ageMs: number, beatAgeMs: number | null = ageMs): Promise<string> {
  const { id } = await addAgent(fixture, `agent ${names++}`, state);
  const ago = (ms: number) => sql`clock_timestamp() - interval '1 millisecond' * ${ms}::int`;
  await fixture.database.query(sql`update agents set state_since = ${ago(ageMs)} where id = ${id}`);
  if (beatAgeMs !== null) {
    await fixture.database.query(
      sql`insert into agent_heartbeats (agent_id, incarnation, sequence, at) values (${id}, 0, 1, ${ago(beatAgeMs)})`,
    );
  }
  return id;
}

describe("loseAgents", () => {
  it.each<[AgentState, number, number | null, AgentState]>([
    ["ONLINE", 5_000, 5_000, "UNRESPONSIVE"],
    ["IDLE", 5_000, 5_000, "UNRESPONSIVE"],
    ["BUSY", 5_000, 5_000, "UNRESPONSIVE"],
    ["ONLINE", 5_000, null, "UNRESPONSIVE"],
    ["ONLINE", 5_000, 100, "ONLINE"],
    ["ONLINE", 100, 5_000, "ONLINE"],
    ["DEPLOYING", 5_000, null, "ERROR"],
    ["DEPLOYING", 5_000, 100, "ERROR"],
    ["DEPLOYING", 1_500, null, "DEPLOYING"],
    ["SUSPENDED", 5_000, 5_000, "SUSPENDED"],
    ["MAINTENANCE", 5_000, 5_000, "MAINTENANCE"],
    ["OFFLINE", 5_000, 5_000, "OFFLINE"],
    ["UNRESPONSIVE", 5_000, 5_000, "UNRESPONSIVE"],
    ["ERROR", 5_000, 5_000, "ERROR"],
    ["REGISTERED", 5_000, null, "REGISTERED"],
  ])("%s for %i ms, heard %s ms ago: %s", async (state, age, beatAge, expected) => {
    const id = await silentAgent(state, age, beatAge);
    expect(await loseAgents(fixture.runtime)).toBe(state === expected ? 0 : 1);
    expect(await agentRow(fixture, id)).toMatchObject({ state: expected, version: state === expected ? 1 : 2 });
    expect(await transitionsOf(fixture, id)).toEqual(state === expected ? [] : [`LOSE ${state}>${expected}`]);
  });

  it("says why, and records what did not come up as an error", async () => {
    const [silent, late] = [await silentAgent("ONLINE", 5_000), await silentAgent("DEPLOYING", 5_000)];
    await loseAgents(fixture.runtime);
    expect((await agentEvents(fixture, silent))[0]).toMatchObject({
      actor: "liveness",
      reason: "No heartbeat for 1 s.",
    });
    expect(await agentRow(fixture, silent)).toMatchObject({ lastError: null, errorCount: 0 });
    const error = "It did not come up within 2 s.";
    expect(await agentRow(fixture, late)).toMatchObject({ lastError: error, errorCount: 1 });
    expect((await agentEvents(fixture, late))[0]).toMatchObject({ reason: error, payload: { error } });
  });

  it("loses an agent that heartbeats and does not start what it is offered", async () => {
    const id = await silentAgent("ONLINE", 0);
    await fixture.database.query(sql`update agents set missed_offers = 2 where id = ${id}`);
    expect(await loseAgents(fixture.runtime)).toBe(0);
    await fixture.database.query(sql`update agents set missed_offers = 3 where id = ${id}`);
    expect(await loseAgents(fixture.runtime)).toBe(1);
    expect((await agentEvents(fixture, id))[0]?.reason).toContain("did not start 3 tasks");
  });

  it("leaves the tasks and what is pending with a lost agent", async () => {
    const id = await silentAgent("ONLINE", 0);
    await holdTask(fixture, id);
    await fixture.database.query(sql`update agents set state_since = state_since - interval '1 h' where id = ${id}`);
    await fixture.database.query(sql`update agent_heartbeats set at = at - interval '1 h' where agent_id = ${id}`);
    await fixture.database.query(sql`update agents set pending_action = 'STOP', pending_actor = '{}' where id = ${id}`);
    await loseAgents(fixture.runtime);
    expect(await agentRow(fixture, id)).toMatchObject({ state: "UNRESPONSIVE", activeTasks: 1, pendingAction: "STOP" });
  });

  it("loses thousands in batches, each once, also when replicas do so at the same time", async () => {
    await fixture.database.query(sql`
      insert into agents (id, workspace_id, project_id, definition_id, definition_version, name, state, state_since, capabilities)
      select gen_random_uuid(), ${fixture.workspaceId}, ${fixture.projectId}, ${fixture.definitionId}, 1, 'a' || n, 'ONLINE', '2020-01-01', '{}'
      from generate_series(1, 1700) n`);
    const lost = await Promise.all(Array.from({ length: 4 }, () => loseAgents(fixture.runtime)));
    expect(lost.reduce((sum, count) => sum + count)).toBe(1_700);
    const [counts] = await fixture.database.query(sql`
      select (select count(*)::int from agents where state = 'UNRESPONSIVE' and version = 2) as agents, (select count(*)::int from events) as events`);
    expect(counts).toEqual({ agents: 1_700, events: 1_700 });
  });

  it("does not wait for an agent that something else is moving", async () => {
    const id = await silentAgent("ONLINE", 5_000);
    await fixture.database.transaction(async (transaction) => {
      await transaction.query(sql`select 1 from agents where id = ${id} for no key update`);
      expect(await loseAgents(fixture.runtime)).toBe(0);
    });
    expect(await loseAgents(fixture.runtime)).toBe(1);
  });
});

describe("createAgentSweeper", () => {
  /** Sweeps on time for so long; gives how many agents were lost. */
  async function sweepFor(sweeper: ReturnType<typeof createAgentSweeper>, ms: number): Promise<number> {
    let lost = 0;
    for (const until = performance.now() + ms; performance.now() < until; await sleep(sweeper.intervalMs / 2))
      lost += await sweeper.sweep();
    return lost;
  }

  it("judges nobody for one time-out after it has started", async () => {
    const id = await silentAgent("ONLINE", 5_000);
    const sweeper = createAgentSweeper(fixture.runtime);
    expect(await sweepFor(sweeper, TIMEOUT_MS * 0.7)).toBe(0);
    expect(await sweepFor(sweeper, TIMEOUT_MS * 0.6)).toBe(1);
    expect((await agentRow(fixture, id)).state).toBe("UNRESPONSIVE");
  });

  it("judges nobody for one time-out after it was itself asleep", async () => {
    const sweeper = createAgentSweeper(fixture.runtime);
    await sweepFor(sweeper, TIMEOUT_MS * 1.2);
    await sleep(sweeper.intervalMs * 4);
    const id = await silentAgent("ONLINE", 5_000);
    expect(await sweepFor(sweeper, TIMEOUT_MS * 0.7)).toBe(0);
    expect((await agentRow(fixture, id)).state).toBe("ONLINE");
    expect(await sweepFor(sweeper, TIMEOUT_MS * 0.6)).toBe(1);
  });

  it("judges nobody for one time-out after the database was away", async () => {
    let away = false;
    const { database } = fixture;
    const fail = () => Promise.reject(new Error("The database is away."));
    const runtime: Runtime = {
      ...fixture.runtime,
      database: {
        ...database,
        run: (statement, values) => (away ? fail() : database.run(statement, values)),
        transaction: (work) => (away ? fail() : database.transaction(work)),
      },
    };
    const sweeper = createAgentSweeper(runtime);
    await sweepFor(sweeper, TIMEOUT_MS * 1.2);
    away = true;
    await expect(sweeper.sweep()).rejects.toThrow("away");
    away = false;
    await silentAgent("ONLINE", 5_000);
    expect(await sweepFor(sweeper, TIMEOUT_MS * 0.7)).toBe(0);
    expect(await sweepFor(sweeper, TIMEOUT_MS * 0.6)).toBe(1);
  });
});
