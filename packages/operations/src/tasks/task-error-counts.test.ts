import type { Caller } from "@muster/domain/actor.ts";
import { Forbidden, InvalidInput } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { rowsLookedAt } from "../../test/rows-looked-at.ts";
import { countTaskErrors } from "./task-error-counts.ts";
import type { TaskFilter } from "./task-filter.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

/** Tasks of a project: `error` and `kind` are SQL of the number n. */
async function addTasks(projectId: string, many: number, state: string, error: string, kind = "'build'") {
  await fixture.database.query(sql`
    insert into lanes (workspace_id, project_id, queue, capability, required_labels)
    select workspace_id, id, 'default', 'build', '{}' from projects where id = ${projectId} on conflict do nothing`);
  await fixture.database.query(sql`
    insert into tasks (id, workspace_id, project_id, lane_id, kind, capability, state, input, error, created_at, finished_at)
    select gen_random_uuid(), l.workspace_id, l.project_id, l.id, ${sql.raw(kind)}, 'build', ${state}, '1',
      ${sql.raw(error)}::jsonb, now() - n * interval '1 second', case when ${state} in ('FAILED', 'SUCCEEDED') then now() end
    from generate_series(1, ${many}::int) n join lanes l on l.project_id = ${projectId}`);
}

const counted = (projectId: string, filter?: TaskFilter, caller: Caller = fixture.admin) =>
  only(countTaskErrors(fixture.runtime, caller, [projectId], filter));

const failedOf = (kind: string) => `jsonb_build_object('kind', ${kind}, 'message', 'm', 'retryable', false)`;

it("counts what failed of what, the most frequent first", async () => {
  const { projectId } = await addProject(fixture.database);
  await addTasks(projectId, 7, "FAILED", failedOf("case when n <= 5 then 'timeout' else 'oom' end"));
  await addTasks(projectId, 3, "QUEUED", failedOf("'flaky'"));
  await addTasks(projectId, 2, "SUCCEEDED", "null");
  const [timeout, oom, flaky] = [
    { kind: "timeout", count: 5 },
    { kind: "oom", count: 2 },
    { kind: "flaky", count: 3 },
  ];
  expect(await counted(projectId)).toEqual({ kinds: [timeout, flaky, oom], capped: false });
  expect(await counted(projectId, { states: ["FAILED"] })).toEqual({ kinds: [timeout, oom], capped: false });
  expect(await counted(projectId, { errorKinds: ["oom", "flaky"] })).toEqual({ kinds: [flaky, oom], capped: false });
  expect(await counted(projectId, { states: ["SUCCEEDED"] })).toEqual({ kinds: [], capped: false });
  expect(await counted(projectId, { states: [] })).toEqual({ kinds: [], capped: false });
  expect(await counted((await addProject(fixture.database)).projectId)).toEqual({ kinds: [], capped: false });
});

it("is nobody's who may not, tells nothing of another tenant, and refuses a filter that cannot be", async () => {
  const { projectId } = await addProject(fixture.database);
  await addTasks(projectId, 1, "FAILED", failedOf("'mine'"));
  const { permissions } = fixture.admin.actor;
  const without = new Set([...permissions].filter((each) => each !== "task.read"));
  const nobody = callerOf({ kind: "API_KEY", name: "nobody", permissions: without });
  await expect(counted(projectId, {}, nobody)).rejects.toThrow(Forbidden);
  const reach = { workspaceId: fixture.workspaceId, projectId: null };
  const elsewhere = callerOf({ kind: "API_KEY", name: "elsewhere", permissions, reach });
  expect(await counted(projectId, {}, elsewhere)).toEqual({ kinds: [], capped: false });
  await expect(counted(projectId, { states: ["GONE" as never] })).rejects.toThrow(InvalidInput);
});

it("looks at ten thousand tasks and no more, by an index, and says so", async () => {
  const { projectId } = await addProject(fixture.database);
  await addTasks(projectId, 60_000, "FAILED", failedOf("case when n <= 10000 then 'new' else 'old' end"));
  await fixture.database.query(sql`vacuum analyze tasks`);
  expect(await counted(projectId, { states: ["FAILED"] })).toEqual({
    kinds: [{ kind: "new", count: 10_000 }],
    capped: true,
  });
  const { rows, scans } = await rowsLookedAt(fixture.runtime, "tasks", (runtime) =>
    countTaskErrors(runtime, fixture.admin, [projectId], { states: ["FAILED"] }),
  );
  expect(rows).toBeLessThanOrEqual(10_001);
  expect(scans).not.toContain("Seq Scan");
});

it("tells the fifty kinds of the most tasks", async () => {
  const { projectId } = await addProject(fixture.database);
  await addTasks(projectId, 120, "FAILED", failedOf("'kind ' || n % 60"));
  const { kinds } = await counted(projectId);
  expect(kinds).toHaveLength(50);
});
