import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../../test/fixtures.ts";
import { keptVersions, newContext } from "../../../test/pruning.ts";
import { dueContexts, pruneContexts } from "./prune-contexts.ts";

const CONTEXTS = 100_000;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
  const { database, workspaceId, projectId } = fixture;
  // Half of them with a limit of their own, and none that has reached it.
  await database.query(sql`
    insert into contexts (id, workspace_id, project_id, name, current_version, keep_versions)
    select gen_random_uuid(), ${workspaceId}, ${projectId}, n::text, 100, case when n % 2 = 0 then 90 end
    from generate_series(1, ${CONTEXTS}::int) n`);
  await database.query(sql`update workspaces set keep_context_versions = 95 where id = ${workspaceId}`);
}, 60_000);
afterAll(() => fixture.close());

interface Plan {
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly "Node Type": string;
  readonly Plans?: readonly Plan[];
}

it("finds the contexts that are due among 100,000 without reading the others, with or without statistics", async () => {
  const { database } = fixture;
  const [own, others] = [await newContext(fixture, 5, 20), await newContext(fixture, null, 120)];
  for (const analyzed of [false, true]) {
    if (analyzed) await database.query(sql`analyze contexts`);
    const [explained] = await database.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
      sql`explain (analyze, buffers, format json) ${sql.raw(dueContexts.text)}`,
    );
    const plan = explained?.["QUERY PLAN"][0].Plan as Plan;
    expect(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], JSON.stringify(plan)).toBeLessThan(60);
    expect((await database.run(dueContexts, [])).map(({ id }) => id).sort()).toEqual([own, others].sort());
  }
  await pruneContexts(fixture.runtime);
  expect(await keptVersions(fixture, own)).toHaveLength(5);
  expect(await keptVersions(fixture, others)).toHaveLength(95);
}, 60_000);
