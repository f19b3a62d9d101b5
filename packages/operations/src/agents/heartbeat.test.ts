import { within } from "@muster/domain/actor.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, addProject, createFixture, type Fixture } from "../../test/fixtures.ts";
import { agentRow, holdTask, transitionsOf } from "../../test/held-tasks.ts";
import { newId } from "../new-id.ts";
import type { Runtime } from "../runtime.ts";
import { cancelTask } from "../tasks/cancel-task.ts";
import { connectAgent } from "./connect-agent.ts";
import { heartbeat, type HeartbeatInput } from "./heartbeat.ts";
import { moveAgent } from "./move-agent.ts";
import { COLLECT_MS } from "./heartbeat-collector.ts";
import { openChannel } from "./open-channel.ts";

let fixture: Fixture;
let names = 0;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

async function connected(place?: { workspaceId: string; projectId: string }) {
  const agent = await addAgent(fixture, `agent ${names++}`, "ONLINE", place);
  await connectAgent(fixture.runtime, fixture.admin, { agentId: agent.id });
  return agent;
}
const beat = (
  agentId: string,
  sequence: number,
  tasks: HeartbeatInput["tasks"] = [],
  more: Partial<HeartbeatInput> = {},
) => heartbeat(fixture.runtime, fixture.admin, { agentId, incarnation: 1, sequence, tasks, ...more });
const lease = async (taskId: string) => {
  const [row] = await fixture.database.query<{ left: number }>(
    sql`select extract(epoch from lease_until - clock_timestamp())::float8 as left from tasks where id = ${taskId}`,
  );
  return row?.left ?? 0;
};
const lose = (agentId: string) =>
  moveAgent(fixture.runtime, fixture.admin, { agentId, action: "LOSE", trigger: "system", reason: "silent" });

/** The runtime, counting what reaches the database. */
function counting(): { runtime: Runtime; count: () => number } {
  let statements = 0;
  const { database } = fixture;
  const run: typeof database.run = (statement, values) => {
    statements++;
    return database.run(statement, values);
  };
  const transaction: typeof database.transaction = (work) => {
    statements++;
    return database.transaction(work);
  };
  return { runtime: { ...fixture.runtime, database: { ...database, run, transaction } }, count: () => statements };
}

describe("heartbeat", () => {
  it("extends the leases of the listed attempts, and of no others", async () => {
    const { id } = await connected();
    const [listed, unlisted, stale] = [
      await holdTask(fixture, id),
      await holdTask(fixture, id),
      await holdTask(fixture, id),
    ];
    await fixture.database.query(
      sql`update tasks set lease_until = clock_timestamp() + interval '1 s' where agent_id = ${id}`,
    );
    await fixture.database.query(sql`update tasks set attempt = 2 where id = ${stale.id}`);
    const other = await connected();
    const foreign = await holdTask(fixture, other.id);
    const ended = newId();
    const answer = await beat(id, 1, [
      { taskId: listed.id, attempt: 1 },
      { taskId: stale.id, attempt: 1 },
      { taskId: foreign.id, attempt: 1 },
      { taskId: ended, attempt: 1 },
    ]);
    expect(answer.cancel).toEqual([]);
    expect(answer.lost.map((task) => task.taskId).sort()).toEqual([stale.id, foreign.id, ended].sort());
    expect(await lease(listed.id)).toBeGreaterThan(25);
    expect(await lease(unlisted.id)).toBeLessThan(2);
    expect(await lease(stale.id)).toBeLessThan(2);
  });

  it("never shortens a lease", async () => {
    const { id } = await connected();
    const task = await holdTask(fixture, id);
    await fixture.database.query(
      sql`update tasks set lease_until = clock_timestamp() + interval '1 h' where id = ${task.id}`,
    );
    await beat(id, 1, [{ taskId: task.id, attempt: 1 }]);
    expect(await lease(task.id)).toBeGreaterThan(3_000);
  });

  it("says what was cancelled", async () => {
    const { id } = await connected();
    const task = await holdTask(fixture, id);
    await cancelTask(fixture.runtime, fixture.admin, { taskId: task.id, reason: "no longer needed" });
    const reference = { taskId: task.id, attempt: 1 };
    expect(await beat(id, 1, [reference])).toEqual({ lost: [], cancel: [reference] });
  });

  it("refuses a superseded incarnation, which extends nothing", async () => {
    const { id } = await connected();
    const task = await holdTask(fixture, id);
    await fixture.database.query(
      sql`update tasks set lease_until = clock_timestamp() + interval '1 s' where id = ${task.id}`,
    );
    await fixture.database.query(sql`update agents set incarnation = 2 where id = ${id}`);
    await expect(beat(id, 7, [{ taskId: task.id, attempt: 1 }])).rejects.toMatchObject({
      code: "CONFLICT",
      expected: "1",
      actual: "2",
    });
    await expect(beat(id, 7, [], { incarnation: 3 })).rejects.toThrow(Conflict);
    expect(await lease(task.id)).toBeLessThan(2);
  });

  it("is not written over the connection of a newer process that comes while it is being written", async () => {
    const { id } = await connected();
    let late: Promise<unknown> = Promise.resolve();
    await fixture.database.transaction(async (transaction) => {
      await transaction.query(sql`update agents set incarnation = 2 where id = ${id}`);
      await transaction.query(sql`update agent_heartbeats set incarnation = 2, sequence = 0 where agent_id = ${id}`);
      late = beat(id, 1_000).catch((error: unknown) => error);
      // Long enough that its statement waits for this transaction.
      await sleep(COLLECT_MS + 400);
    });
    expect(await late).toBeInstanceOf(Conflict);
    const [row] = await fixture.database.query(
      sql`select incarnation, sequence from agent_heartbeats where agent_id = ${id}`,
    );
    expect(row).toEqual({ incarnation: 2, sequence: "0" });
  });

  it("refuses a sequence number that does not rise", async () => {
    const { id } = await connected();
    await beat(id, 5);
    for (const sequence of [5, 4]) {
      await expect(beat(id, sequence)).rejects.toMatchObject({
        code: "CONFLICT",
        expected: "5",
        actual: String(sequence),
      });
    }
    const two = await Promise.allSettled([beat(id, 6), beat(id, 7)]);
    expect(two.map((result) => result.status)).toEqual(["fulfilled", "fulfilled"]);
  });

  it("brings a lost agent back, to BUSY when it still holds tasks", async () => {
    const [idle, busy] = [await connected(), await connected()];
    const task = await holdTask(fixture, busy.id);
    await Promise.all([lose(idle.id), lose(busy.id)]);
    await Promise.all([beat(idle.id, 1), beat(busy.id, 1, [{ taskId: task.id, attempt: 1 }])]);
    expect((await agentRow(fixture, idle.id)).state).toBe("ONLINE");
    expect((await agentRow(fixture, busy.id)).state).toBe("BUSY");
    expect((await transitionsOf(fixture, busy.id)).slice(-2)).toEqual([
      "RECOVER UNRESPONSIVE>ONLINE",
      "ASSIGN ONLINE>BUSY",
    ]);
  });

  it("does not bring back an agent whose assignment channel is broken, until that is open again", async () => {
    const { id } = await connected();
    await fixture.database.query(sql`update agents set missed_offers = 3 where id = ${id}`);
    await lose(id);
    await beat(id, 1);
    expect((await agentRow(fixture, id)).state).toBe("UNRESPONSIVE");
    await openChannel(fixture.runtime, fixture.admin, id, 2);
    await beat(id, 2);
    expect((await agentRow(fixture, id)).state).toBe("UNRESPONSIVE");
    await openChannel(fixture.runtime, fixture.admin, id, 1);
    await beat(id, 3);
    expect((await agentRow(fixture, id)).state).toBe("ONLINE");
  });

  it("moves no agent that was stopped or suspended", async () => {
    for (const action of ["STOP", "SUSPEND"] as const) {
      const { id } = await connected();
      const { state } = await moveAgent(fixture.runtime, fixture.admin, {
        agentId: id,
        action,
        trigger: "operator",
        reason: "r",
      });
      await beat(id, 1);
      expect((await agentRow(fixture, id)).state).toBe(state);
    }
  });

  it("waits for nobody who is about to move a task or an agent", async () => {
    const { id } = await connected();
    const task = await holdTask(fixture, id);
    await fixture.database.transaction(async (transaction) => {
      await transaction.query(sql`select 1 from agents where id = ${id} for update`);
      await transaction.query(sql`select 1 from tasks where id = ${task.id} for update`);
      expect(await beat(id, 1, [{ taskId: task.id, attempt: 1 }])).toEqual({ lost: [], cancel: [] });
    });
  });

  it("of 1,000 agents with 2,000 tasks costs few statements", async () => {
    const place = await addProject(fixture.database);
    await fixture.database.query(sql`
      insert into agents (id, workspace_id, project_id, definition_id, definition_version, name, state, capabilities, incarnation, active_tasks)
      select gen_random_uuid(), ${place.workspaceId}, ${place.projectId}, ${fixture.definitionId}, 1, 'many ' || n, 'BUSY', '{}', 1, 2
      from generate_series(1, 1000) n`);
    await fixture.database.query(sql`
      with lane as (
        insert into lanes (workspace_id, project_id, queue, capability, required_labels)
        values (${place.workspaceId}, ${place.projectId}, 'default', 'build', '{}') returning id
      )
      insert into tasks (id, workspace_id, project_id, lane_id, kind, input, agent_id, state, attempt, lease_until)
      select gen_random_uuid(), a.workspace_id, a.project_id, lane.id, 'build', '{}', a.id, 'RUNNING', 1, clock_timestamp()
      from lane, agents a, generate_series(1, 2) where a.project_id = ${place.projectId}`);
    const held = await fixture.database.query<{ id: string; tasks: string[] }>(
      sql`select agent_id as id, array_agg(id::text) as tasks from tasks where project_id = ${place.projectId} group by agent_id`,
    );
    expect(held).toHaveLength(1_000);
    const { runtime, count } = counting();
    const began = performance.now();
    const answers = await Promise.all(
      held.map(({ id, tasks }) =>
        heartbeat(runtime, fixture.admin, {
          agentId: id,
          incarnation: 1,
          sequence: 1,
          tasks: tasks.map((taskId) => ({ taskId, attempt: 1 })),
        }),
      ),
    );
    expect(count()).toBeLessThanOrEqual(2);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(answers.every((answer) => answer.lost.length === 0)).toBe(true);
    const [extended] = await fixture.database.query(
      sql`select count(*)::int as count from tasks where project_id = ${place.projectId} and lease_until > clock_timestamp()`,
    );
    expect(extended).toEqual({ count: 2_000 });
  });

  it("is for agents in reach, and for the agent itself", async () => {
    const [one, other] = [await connected(), await connected()];
    const caller = one.caller;
    await expect(
      heartbeat(fixture.runtime, caller, { agentId: other.id, incarnation: 1, sequence: 1, tasks: [] }),
    ).rejects.toThrow(Forbidden);
    expect(
      await heartbeat(fixture.runtime, caller, { agentId: one.id, incarnation: 1, sequence: 1, tasks: [] }),
    ).toEqual({ lost: [], cancel: [] });
    await expect(beat(newId(), 1)).rejects.toThrow(NotFound);
    const foreign = await connected(await addProject(fixture.database));
    const reach = within(fixture.workspaceId, null);
    const local = { ...fixture.admin, actor: { ...fixture.admin.actor, reach } };
    const beatForeign = { agentId: foreign.id, incarnation: 1, sequence: 1, tasks: [] };
    await expect(heartbeat(fixture.runtime, local, beatForeign)).rejects.toThrow(NotFound);
    await expect(beat(one.id, 0)).rejects.toThrow(InvalidInput);
    await expect(beat(one.id, 2 ** 53)).rejects.toThrow(InvalidInput);
    await expect(beat(one.id, 2, [], { load: Number.NaN })).rejects.toThrow(InvalidInput);
  });
});
