import type { Connection } from "@muster/database/database.ts";
import { type SQL, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addProject, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { addWorker } from "../../test/workers.ts";
import type { CountedPage } from "../page-query.ts";
import { newId } from "../new-id.ts";
import type { Task } from "./task.ts";
import type { TaskFilter } from "./task-filter.ts";
import type { TaskOrder } from "./task-order.ts";
import { listTasks, type TaskScope } from "./task-queries.ts";

let fixture: Fixture;
let agentId: string;
const [workflowId, scheduleId, replayed] = [newId(), newId(), newId()];

beforeAll(async () => {
  fixture = await createFixture();
  agentId = (await addWorker(fixture)).id;
  const { database, workspaceId, projectId } = fixture;
  const other = await addProject(database);
  await database.query(sql`
    insert into workflows (id, workspace_id, project_id, name, on_failure, task_count, creator_kind, creator_name)
    values (${workflowId}, ${workspaceId}, ${projectId}, 'w', 'CANCEL_ALL', 20, 'SYSTEM', 'test')`);
  await database.query(sql`
    insert into schedules (id, workspace_id, project_id, name, cron, time_zone, catch_up, task)
    values (${scheduleId}, ${workspaceId}, ${projectId}, 's', '* * * * *', 'UTC', 'NONE', '{}')`);
  await database.query(sql`
    insert into lanes (workspace_id, project_id, queue, capability, required_labels)
    values (${workspaceId}, ${projectId}, 'default', 'build', '{}'), (${other.workspaceId}, ${other.projectId}, 'default', 'build', '{}')`);
  await database.query(sql`
    insert into tasks (id, workspace_id, project_id, lane_id, kind, capability, state, priority, input, run_at, created_at, finished_at, agent_id, workflow_id, schedule_id)
    select case when n = 1 then ${replayed}::uuid else gen_random_uuid() end, l.workspace_id, l.project_id, l.id, 'build', 'build', s.state, n % 7, '1',
      now() + n * interval '1 second', now() - n * interval '1 minute', case when s.ended then now() - n * interval '30 seconds' end,
      case when s.state in ('RUNNING', 'SUCCEEDED') and n % 500 = 0 and l.project_id = ${projectId} then ${agentId}::uuid end,
      case when n % 5000 = 0 and l.project_id = ${projectId} then ${workflowId}::uuid end,
      case when n % 5000 = 1 and l.project_id = ${projectId} then ${scheduleId}::uuid end
    from generate_series(1, 200000) n
    join lanes l on (l.project_id = ${projectId}) = (n % 10 < 9)
    cross join lateral (select case when n % 20 < 15 then 'SUCCEEDED' when n % 20 < 17 then 'FAILED' when n % 2000 = 17 then 'RUNNING' else 'QUEUED' end as state) x
    cross join lateral (select x.state, x.state in ('SUCCEEDED', 'FAILED') as ended) s`);
  await database.query(sql`update tasks set replay_of = ${replayed} where workflow_id = ${workflowId}`);
  await database.query(sql`vacuum analyze tasks`);
}, 120_000);
afterAll(() => fixture.close());

interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly Plan[];
}

/** How many tasks the list looked at, and how. */
async function looked(
  filter: TaskFilter,
  order: TaskOrder | null,
  scope: TaskScope,
): Promise<{ tasks: number; scans: Set<string> }> {
  const plans: Plan[] = [];
  const database: Connection = {
    ...fixture.database,
    async query<Row>(query: SQL) {
      const [row] = await fixture.database.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
        sql`explain (analyze, format json) ${query}`,
      );
      if (row) plans.push(row["QUERY PLAN"][0].Plan);
      return fixture.database.query<Row>(query);
    },
  };
  const runtime = { ...fixture.runtime, database: { ...fixture.database, ...database } };
  const page: CountedPage<Task> = await only(
    listTasks(runtime, fixture.admin, scope, { filter, order, page: { first: 20 } }),
  );
  const cursor = page.edges[9]?.cursor;
  if (!cursor) throw new Error("The list is too short to be measured.");
  await only(listTasks(runtime, fixture.admin, scope, { filter, order, page: { first: 20, after: cursor } }));
  const scans = plans.flatMap(nodesOf).filter((node) => node["Relation Name"] === "tasks");
  const tasks = scans.map(
    (node) => (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"],
  );
  return { tasks: Math.max(...tasks), scans: new Set(scans.map((node) => node["Node Type"])) };
}

function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

describe("a list of tasks among 200,000", () => {
  const lists: [name: string, filter: TaskFilter, order: TaskOrder | null][] = [
    ["the newest first", {}, null],
    ["the oldest first", {}, { field: "CREATED_AT", direction: "ASC" }],
    ["those that have failed", { states: ["FAILED"] }, null],
    ["several states", { states: ["QUEUED", "RUNNING", "SUCCEEDED"] }, null],
    ["what runs next", { states: ["QUEUED", "WAITING"] }, { field: "RUN_AT", direction: "ASC" }],
    ["the most urgent first", { states: ["QUEUED"] }, { field: "PRIORITY", direction: "DESC" }],
    ["the dead letters", { states: ["FAILED"] }, { field: "FINISHED_AT", direction: "DESC" }],
    ["the first to end", {}, { field: "FINISHED_AT", direction: "ASC" }],
  ];
  it.each(lists)("reads no more than a page and its neighbours: %s", async (_name, filter, order) => {
    const { tasks, scans } = await looked(filter, order, { projectIds: [fixture.projectId] });
    expect(scans).not.toContain("Seq Scan");
    // What has not ended has no order of its own by its end: the first to end are asked for among the 27,000 that have not, too.
    expect(tasks).toBeLessThanOrEqual(order?.field === "FINISHED_AT" && !filter.states ? 30_000 : 250);
  });

  it.each([
    ["of an agent", { agent: () => agentId }],
    ["of a workflow", { workflow: () => workflowId }],
    ["of a schedule", { schedule: () => scheduleId }],
  ])("reads what is asked for: %s", async (_name, filter) => {
    const given = Object.fromEntries(Object.entries(filter).map(([field, id]) => [field, id()]));
    const { tasks, scans } = await looked(given, null, { projectIds: [fixture.projectId] });
    expect(scans).not.toContain("Seq Scan");
    expect(tasks).toBeLessThanOrEqual(250);
  });

  it("reads what runs a task again", async () => {
    const { tasks, scans } = await looked({}, null, { replayedIds: [replayed] });
    expect(scans).not.toContain("Seq Scan");
    expect(tasks).toBeLessThanOrEqual(250);
  });

  it("gives each once, in order, over all pages and both kinds of order by end", async () => {
    const { projectId } = await addProject(fixture.database);
    await fixture.database.query(sql`
      insert into lanes (workspace_id, project_id, queue, capability, required_labels)
      select workspace_id, id, 'default', 'build', '{}' from projects where id = ${projectId}`);
    await fixture.database.query(sql`
      insert into tasks (id, workspace_id, project_id, lane_id, kind, capability, state, input, finished_at)
      select gen_random_uuid(), l.workspace_id, l.project_id, l.id, 'build', 'build',
        case when n <= 6 then 'SUCCEEDED' else 'QUEUED' end, to_jsonb(n), case when n <= 6 then now() + (n / 2) * interval '1 second' end
      from generate_series(1, 10) n join lanes l on l.project_id = ${projectId}`);
    for (const direction of ["ASC", "DESC"] as const) {
      const order = { field: "FINISHED_AT", direction } as const;
      const inputs: number[] = [];
      for (let after: string | null = null; ;) {
        const page: CountedPage<Task> = await only(
          listTasks(fixture.runtime, fixture.admin, { projectIds: [projectId] }, { order, page: { first: 3, after } }),
        );
        inputs.push(...page.edges.map(({ node }) => node.input as number));
        if (!page.hasNextPage) break;
        after = page.edges.at(-1)?.cursor ?? null;
      }
      expect(new Set(inputs).size).toBe(10);
      const ended = direction === "ASC" ? inputs.slice(0, 6) : inputs.slice(4);
      expect(ended.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(ended.map((n) => Math.floor(n / 2))).toEqual(
        direction === "ASC" ? [0, 1, 1, 2, 2, 3] : [3, 2, 2, 1, 1, 0],
      );
    }
  });
});
