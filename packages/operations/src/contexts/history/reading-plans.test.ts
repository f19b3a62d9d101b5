import { type Database, openDatabase } from "@muster/database/database.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../../test/fixtures.ts";
import { newId } from "../../new-id.ts";
import { openContext } from "../open-context.ts";
import { listPathChanges } from "./path-history.ts";
import { verifyContext } from "./verify-context.ts";
import { versionsAt } from "../versions/version-list.ts";
import { writeContext } from "../versions/write-context.ts";

const FEW = 60;
const MANY = 4_000;
/** Of 500 versions each with its parent and its data, twice: looked up by their keys, of three pages and the row's. */
const MOST_PAGES = 500 * 4 * 4;

let fixture: Fixture;
let contextId: string;
/** Plans are kept by connections. */
let alone: Database;
beforeAll(async () => {
  fixture = await createFixture();
  const { runtime, admin, projectId } = fixture;
  ({ id: contextId } = await openContext(runtime, admin, { projectId, name: newId() }));
  alone = openDatabase({ url: fixture.url, connections: 1 });
});
afterAll(async () => {
  await alone.close();
  await fixture.close();
});

const literal = (value: unknown) => {
  if (value === null || value === undefined) return "null";
  const text = Array.isArray(value) ? `{${value.map((one) => one ?? "null").join(",")}}` : String(value);
  return `'${text.replaceAll("'", "''")}'`;
};

/** Reads in each way that looks at many versions; gives the pages that each statement has read. */
async function readAll(): Promise<{ readonly pages: number; readonly text: string }[]> {
  const found: { pages: number; text: string }[] = [];
  const run: Database["run"] = async (statement, values) => {
    const rows = await alone.run(statement, values);
    const execute = `execute "${statement.name}"(${values.map(literal).join(", ")})`;
    const [plan] = await alone.query<{
      "QUERY PLAN": [{ Plan: { "Shared Hit Blocks": number; "Shared Read Blocks": number } }];
    }>(sql.raw(`explain (analyze, buffers, format json) ${execute}`));
    const top = plan?.["QUERY PLAN"][0].Plan;
    found.push({ pages: (top?.["Shared Hit Blocks"] ?? 0) + (top?.["Shared Read Blocks"] ?? 0), text: statement.text });
    return rows as never;
  };
  const runtime = { ...fixture.runtime, database: { ...alone, run } };
  await listPathChanges(runtime, fixture.admin, [contextId], { pointer: "/owner", first: 3 }).catch(() => {});
  await versionsAt(runtime, fixture.admin, [contextId], new Date());
  await verifyContext(runtime, fixture.admin, contextId);
  return found;
}

it("reads long histories by keys alone, with plans that were made when they were short", async () => {
  const { database, runtime, admin } = fixture;
  const text = "long enough that versions are patches ".repeat(30);
  for (let n = 1; n <= FEW; n++) await writeContext(runtime, admin, { contextId, data: { text, n, owner: n % 7 } });
  await database.query(sql`analyze contexts, context_versions, context_contents`);
  // From the sixth time on a statement has one plan for all values.
  for (let time = 0; time < 6; time++) await readAll();
  await database.query(sql`
    insert into context_contents (context_id, data_hash, base_hash, depth, chain_bytes, body)
    select ${contextId}, md5(n::text), case when depth > 0 then md5((n - 1)::text) end, depth, 0, case when depth > 0 then '[]' else '{"owner":1}' end
    from generate_series(${FEW + 1}::int, ${MANY}::int) n cross join lateral (select (n - ${FEW + 1}::int) % 100 as depth) chain`);
  await database.query(sql`
    insert into context_versions (context_id, number, parent, author, size_bytes, data_hash, hash)
    select ${contextId}, n, n - 1, '{"kind": "SYSTEM", "id": null, "name": "test"}', 10, md5(n::text), md5(n::text)
    from generate_series(${FEW + 1}::int, ${MANY}::int) n`);
  await database.query(sql`update contexts set current_version = ${MANY} where id = ${contextId}`);
  const found = await readAll();
  expect(found.length).toBeGreaterThan(3 * (MANY / 500));
  for (const { pages, text: statement } of found) expect(pages, statement).toBeLessThan(MOST_PAGES);
}, 120_000);
