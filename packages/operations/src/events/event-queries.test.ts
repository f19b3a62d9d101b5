import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addAgent, addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { openContext } from "../contexts/open-context.ts";
import { writeContext } from "../contexts/versions/write-context.ts";
import { newId } from "../new-id.ts";
import { type EventScope, getEvents, listEvents } from "./event-queries.ts";

let fixture: Fixture;
const [agentId, taskId, contextId] = [newId(), newId(), newId()];
const BEGIN = Date.parse("2026-03-01T00:00:00Z");

beforeAll(async () => {
  fixture = await createFixture();
  // An event each minute; every third of the agent, every fourth of the task, every fifth of the context.
  await fixture.database.query(sql`
    insert into events (workspace_id, project_id, type, subject_id, subject_version, agent_id, task_id, context_id, actor_kind, actor_name, payload, at)
    select ${fixture.workspaceId}, ${fixture.projectId}, 'a.' || n % 2, gen_random_uuid(), n,
      case when n % 3 = 0 then ${agentId}::uuid end, case when n % 4 = 0 then ${taskId}::uuid end, case when n % 5 = 0 then ${contextId}::uuid end,
      'SYSTEM', 'test', '{}', ${new Date(BEGIN).toISOString()}::timestamptz + n * interval '1 minute'
    from generate_series(1, 3000) n`);
});
afterAll(() => fixture.close());

async function numbers(scope: EventScope, page = {}, filter = {}): Promise<number[]> {
  const { edges } = await only(listEvents(fixture.runtime, fixture.admin, { scope, filter, page }));
  return edges.map(({ node }) => node.subjectVersion);
}

it("lists the timeline of a project, an agent, a task and a context, from either end", async () => {
  const ofProject = { projectIds: [fixture.projectId] };
  expect(await numbers(ofProject, { first: 3 })).toEqual([1, 2, 3]);
  expect(await numbers(ofProject, { last: 3 })).toEqual([2998, 2999, 3000]);
  expect(await numbers({ agentIds: [agentId] }, { first: 3 })).toEqual([3, 6, 9]);
  expect(await numbers({ taskIds: [taskId] }, { last: 2 })).toEqual([2996, 3000]);
  expect(await numbers({ contextIds: [contextId] }, { first: 2 }, { types: ["a.0"] })).toEqual([10, 20]);
});

it("finds a span of time without reading what lies outside of it", async () => {
  const ofProject = { projectIds: [fixture.projectId] };
  const [after, before] = [new Date(BEGIN + 1000 * 60_000), new Date(BEGIN + 1003 * 60_000)];
  expect(await numbers(ofProject, {}, { after, before })).toEqual([1000, 1001, 1002]);
  expect(await numbers(ofProject, { last: 2 }, { before })).toEqual([1001, 1002]);
  expect(await numbers(ofProject, { first: 2 }, { after })).toEqual([1000, 1001]);
  expect(await numbers(ofProject, {}, { after: new Date("2999-01-01") })).toEqual([]);
  expect(await numbers(ofProject, {}, { before: new Date("1999-01-01") })).toEqual([]);
});

it("finds what one request has caused", async () => {
  const { database, projectId, workspaceId, runtime, admin } = fixture;
  for (const [correlation, version] of [
    ["request-1", 1],
    ["request-1", 2],
    ["request-2", 3],
  ] as const) {
    await database.query(sql`
      insert into events (workspace_id, project_id, type, subject_id, subject_version, actor_kind, actor_name, correlation_id, payload)
      values (${workspaceId}, ${projectId}, 'b', gen_random_uuid(), ${version}, 'SYSTEM', 'test', ${correlation}, '{}')`);
  }
  const ofProject = { projectIds: [projectId] };
  const after = new Date(Date.now() - 60_000);
  expect(await numbers(ofProject, {}, { after, correlations: ["request-1"] })).toEqual([1, 2]);
  expect(await numbers(ofProject, {}, { after, correlations: [] })).toEqual([]);
  const tooMany = Array.from({ length: 101 }, String);
  await expect(
    listEvents(runtime, admin, { scope: ofProject, filter: { correlations: tooMany }, page: {} }),
  ).rejects.toThrow(InvalidInput);
});

it("shows an agent nothing of the private contexts of others, by list or by id", async () => {
  const { runtime, projectId } = fixture;
  const [owner, other] = [await addAgent(fixture, "owner"), await addAgent(fixture, "other")];
  const priv = await openContext(runtime, owner.caller, { projectId, agentId: owner.id, name: "diary" });
  await writeContext(runtime, owner.caller, { contextId: priv.id, data: { secret: 1 }, message: "my plans" });
  const shared = await openContext(runtime, owner.caller, { projectId, name: "common" });
  await writeContext(runtime, owner.caller, { contextId: shared.id, data: { known: 1 }, message: "our plans" });
  const list = (caller: Caller) =>
    only(
      listEvents(runtime, caller, {
        scope: { projectIds: [projectId] },
        filter: { contexts: [priv.id, shared.id] },
        page: {},
      }),
    );
  const idsOf = async (caller: Caller) => (await list(caller)).edges.map(({ node }) => node.contextId);
  expect(await idsOf(fixture.admin)).toEqual([priv.id, priv.id, shared.id, shared.id]);
  expect(await idsOf(owner.caller)).toEqual([priv.id, priv.id, shared.id, shared.id]);
  expect(await idsOf(other.caller)).toEqual([shared.id, shared.id]);
  const all = (await list(fixture.admin)).edges.map(({ node }) => node.id);
  expect((await getEvents(runtime, other.caller, all)).map((event) => event.contextId)).toEqual([shared.id, shared.id]);
});

it("shows nothing of another tenant, by list or by id", async () => {
  const other = await addProject(fixture.database);
  const foreign = callerOf({
    kind: "API_KEY",
    name: "foreign",
    permissions: fixture.admin.actor.permissions,
    reach: other,
  });
  for (const scope of [
    { projectIds: [fixture.projectId] },
    { agentIds: [agentId] },
    { taskIds: [taskId] },
    { contextIds: [contextId] },
  ]) {
    const page = await only(listEvents(fixture.runtime, foreign, { scope, page: {} }));
    expect(page.edges).toEqual([]);
    expect(await page.count()).toEqual({ count: 0, capped: false });
  }
  const ofAgent = { scope: { agentIds: [agentId] }, page: { first: 1 } };
  const { edges } = await only(listEvents(fixture.runtime, fixture.admin, ofAgent));
  const id = edges[0]?.node.id ?? "";
  expect(await getEvents(fixture.runtime, fixture.admin, [id, "9000000000000000000"])).toHaveLength(1);
  expect(await getEvents(fixture.runtime, foreign, [id])).toEqual([]);
});

it("refuses a filter that cannot be before it asks the database", async () => {
  const scope = { projectIds: [fixture.projectId] };
  for (const filter of [
    { search: "\0" },
    { search: "\ud800" },
    { agents: ["x"] },
    { after: new Date(8.64e15) },
    { types: ["a".repeat(101)] },
  ]) {
    await expect(listEvents(fixture.runtime, fixture.admin, { scope, filter, page: {} })).rejects.toThrow(InvalidInput);
  }
});
