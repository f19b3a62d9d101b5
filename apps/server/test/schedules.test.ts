import { createTestDatabase } from "@muster/database/test-database.ts";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { change } from "./change.ts";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";
import { eventually, startServerProcess } from "./processes.ts";

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

interface TaskRow {
  readonly id: string;
  readonly runAt: string;
  readonly createdAt: string;
  readonly input: unknown;
  readonly schedule: { readonly id: string; readonly name: string } | null;
}

type Asking = Pick<TestServer, "ask">;

async function tasksOf(from: Asking, id: unknown): Promise<TaskRow[]> {
  const { data, errors } = await from.ask<{ node: { tasks: { edges: { node: TaskRow }[] } } }>(
    `query ($id: ID!) { node(id: $id) { ... on Schedule {
      tasks(first: 100) { totalCount edges { node { id runAt createdAt input schedule { id name } } } } } } }`,
    { id },
  );
  expect(errors).toBeUndefined();
  return data?.node.tasks.edges.map(({ node }) => node) ?? [];
}

describe("schedules over GraphQL", () => {
  it("fire at their times, and show it", async () => {
    const agent = await createAgent(server, tenant, "reporter");
    const task = {
      kind: "report",
      input: { n: 1 },
      agentId: agent.id,
      priority: 5,
      labels: {},
      expiresAfterMs: 60_000,
    };
    const made = await change(
      server,
      "createSchedule",
      { projectId: tenant.projectId, name: "each second", cron: "* * * * * *", task },
      "data { id timeZone catchUp nextRunAt task paused }",
    );
    expect(made.data).toMatchObject({
      id: expect.stringMatching(/^sch_/),
      timeZone: "UTC",
      catchUp: "LAST",
      paused: false,
      task: { kind: "report", input: { n: 1 }, agentId: agent.id, priority: 5, expiresAfterMs: 60_000 },
    });
    const id = made.data?.id;
    const tasks = await eventually(
      () => tasksOf(server, id),
      (found) => found.length >= 2,
      10_000,
    );
    expect(tasks.at(-1)).toMatchObject({
      runAt: made.data?.nextRunAt,
      schedule: { id, name: "each second" },
      input: { n: 1 },
    });
    // It wakes for the time; it does not only poll.
    const late = tasks.map(({ createdAt, runAt }) => Date.parse(createdAt) - Date.parse(runAt));
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.min(...late)).toBeLessThan(500);
    const paused = await change(
      server,
      "pauseSchedule",
      { scheduleId: id, reason: "enough" },
      "data { paused pausedAt pauseReason nextRunAt nextRuns(count: 3) lastRunAt lastError version deletedAt project { path } }",
    );
    expect(paused.data).toMatchObject({
      paused: true,
      pauseReason: "enough",
      nextRunAt: null,
      lastRunAt: expect.any(String),
      lastError: null,
      version: 2,
      deletedAt: null,
      project: { path: tenant.path },
    });
    expect(paused.data?.nextRuns).toHaveLength(3);
    const updated = await change(
      server,
      "updateSchedule",
      { scheduleId: id, cron: "30 2 * * *", timeZone: "Europe/Berlin", catchUp: "ALL", expectedVersion: 2 },
      "data { cron timeZone catchUp version nextRuns task }",
    );
    expect(updated.data).toMatchObject({
      cron: "30 2 * * *",
      timeZone: "Europe/Berlin",
      catchUp: "ALL",
      version: 3,
      task: { priority: 5 },
    });
    expect(updated.data?.nextRuns).toHaveLength(5);
    const resumed = await change(
      server,
      "resumeSchedule",
      { scheduleId: id },
      "data { paused nextRunAt nextRuns(count: 1) }",
    );
    expect(resumed.data).toMatchObject({ paused: false, nextRuns: [resumed.data?.nextRunAt] });
    const triggered = await change(
      server,
      "triggerSchedule",
      { scheduleId: id, reason: "now" },
      "data { id kind schedule { id } }",
    );
    expect(triggered.data).toMatchObject({ kind: "report", schedule: { id } });
    const { data } = await server.ask<{ project: { schedules: { edges: { node: unknown }[] } } }>(
      `query ($path: String!) { project(path: $path) {
        schedules(filter: { search: "SECOND", paused: false }) { totalCount edges { node { __typename id name } } } } }`,
      { path: tenant.path },
    );
    expect(data?.project.schedules).toEqual({
      totalCount: 1,
      edges: [{ node: { __typename: "Schedule", id, name: "each second" } }],
    });
    const deleted = await change(
      server,
      "deleteSchedule",
      { scheduleId: id, reason: "done" },
      "data { id deletedAt nextRuns }",
    );
    expect(deleted.data).toMatchObject({ id, deletedAt: expect.any(String), nextRuns: [] });
    expect((await tasksOf(server, id))[0]).toMatchObject({ id: triggered.data?.id, schedule: { id } });
    const events = await server.ask<{
      project: { events: { edges: { node: { type: string; subjectId: string } }[] } };
    }>(
      `query ($path: String!, $id: ID!) { project(path: $path) {
        events(filter: { subjects: [$id] }) { edges { node { type subjectId } } } } }`,
      { path: tenant.path, id },
    );
    expect(events.data?.project.events.edges.map(({ node }) => node.type).toSorted()).toEqual([
      "schedule.created",
      "schedule.deleted",
      "schedule.paused",
      "schedule.resumed",
      "schedule.triggered",
      "schedule.updated",
    ]);
  });

  it("answer what can be expected to go wrong", async () => {
    const { projectId } = tenant;
    const input = { projectId, name: "wrong", cron: "0 0 * * *", task: { kind: "report", input: 1 } };
    const issues = async (more: object) => {
      const answer = await change(server, "createSchedule", { ...input, ...more });
      return [answer.__typename, ...((answer.issues ?? []) as { path: string[] }[]).map(({ path }) => path.join("."))];
    };
    expect(await issues({ cron: "every day", timeZone: "Mars" })).toEqual(["InvalidInput", "cron", "timeZone"]);
    expect(await issues({ task: { kind: "", input: 1, expiresAfterMs: 1 } })).toEqual([
      "InvalidInput",
      "task.kind",
      "task.expiresAfterMs",
    ]);
    expect(await issues({ task: { kind: "x", input: 1, labels: "none" } })).toEqual(["InvalidInput", "task.labels"]);
    expect(await issues({ task: { kind: "x", input: 1, agentId: "agent_01kaaaaaaaaaaaaaaaaaaaaaaa" } })).toEqual([
      "NotFound",
    ]);
    const { data } = await change(server, "createSchedule", input, "data { id version }");
    const scheduleId = data?.id;
    expect(await issues({})).toEqual(["InvalidInput", "name"]);
    expect(await change(server, "updateSchedule", { scheduleId, name: "x", expectedVersion: 7 })).toMatchObject({
      __typename: "Conflict",
      expected: "7",
      actual: "1",
    });
    expect(await change(server, "resumeSchedule", { scheduleId })).toMatchObject({
      __typename: "IllegalTransition",
      state: "ACTIVE",
      allowed: ["PAUSE"],
    });
    const agent = await createAgent(server, tenant, "curious");
    expect(await change(server, "triggerSchedule", { scheduleId }, "data { id }", agent.key)).toMatchObject({
      __typename: "Forbidden",
      permission: "schedule.manage",
    });
    for (const id of [tenant.projectId, "sch_01kaaaaaaaaaaaaaaaaaaaaaaa", "nonsense"])
      expect(await change(server, "deleteSchedule", { scheduleId: id, reason: "x" })).toMatchObject({
        __typename: "NotFound",
      });
    const { errors } = await server.ask(
      `query ($id: ID!) { node(id: $id) { ... on Schedule { nextRuns(count: 101) } } }`,
      {
        id: scheduleId,
      },
    );
    expect(errors).toMatchObject([{ extensions: { code: "INVALID_INPUT" } }]);
  });
});

describe("schedules and their servers", () => {
  it("lose no time and double none when one server is killed", { timeout: 60_000 }, async () => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const killed = await startServerProcess(database.url);
    const other = await startServerProcess(database.url);
    const place = await createTenant(other as never);
    const { data } = await change(other as never, "createSchedule", {
      projectId: place.projectId,
      name: "each second",
      cron: "* * * * * *",
      catchUp: "ALL",
      task: { kind: "report", input: 1 },
    });
    const count = (atLeast: number) =>
      eventually(
        () => tasksOf(other as never, data?.id),
        (found) => found.length >= atLeast,
        20_000,
      );
    const before = (await count(3)).length;
    await killed.kill();
    const tasks = await count(before + 3);
    const seconds = tasks.map(({ runAt }) => Date.parse(runAt) / 1_000).toReversed();
    expect(seconds).toEqual(seconds.map((_, index) => (seconds[0] ?? 0) + index));
  });
});
