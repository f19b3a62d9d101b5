import { type Database, openDatabase } from "@muster/database/database.ts";
import type { Statement } from "@muster/database/statement.ts";
import { sql } from "drizzle-orm";
import { expect, it, onTestFinished } from "vitest";
import { addAgent, createFixture, type Fixture } from "../../../test/fixtures.ts";
import { newId } from "../../new-id.ts";
import type { Runtime } from "../../runtime.ts";
import { openContext } from "../open-context.ts";
import { getVersionData } from "./version-queries.ts";
import { writeContext } from "./write-context.ts";

const VERSIONS = 10_000;
/** Of a chain of 100 patches: each content is looked up by its key, which takes three pages of the index and one of the table. */
const PAGES_OF_A_CHAIN = 101 * 4;

/** Rows as versions from `first` to `last` leave them, with chains of 100 patches; their hashes are none, so nothing reads them as data. */
async function addVersions({ database }: Fixture, contextId: string, first: number, last: number): Promise<void> {
  const hash = (number: string) => `encode(sha256((${number})::text::bytea), 'hex')`;
  const numbers = `generate_series(${first}, ${last}) n`;
  await database.query(sql`
    insert into context_contents (context_id, data_hash, base_hash, depth, chain_bytes, body)
    select ${contextId}, ${sql.raw(hash("n"))}, case when depth > 0 then ${sql.raw(hash("n - 1"))} end, depth, depth * 250, repeat('x', 250)
    from ${sql.raw(numbers)} cross join lateral (select (n - ${first}::int) % 101 as depth) chain`);
  await database.query(sql`
    insert into context_versions (context_id, number, parent, author, size_bytes, data_hash, hash)
    select ${contextId}, n, nullif(n - 1, 0), '{"kind": "SYSTEM", "id": null, "name": "test"}', 100000, ${sql.raw(hash("n"))}, ${sql.raw(hash("n + 1000000"))}
    from ${sql.raw(numbers)}`);
  await database.query(sql`update contexts set current_version = ${last} where id = ${contextId}`);
}

interface Plan {
  readonly "Node Type": string;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly Plan[];
}

/** Pages that the statement looks at. What writes and is read by nobody counts for itself: Postgres runs it after the rest. */
function pagesOf(plan: Plan): number {
  const written = (plan.Plans ?? []).filter((child) => child["Node Type"] === "ModifyTable");
  return [plan, ...written].reduce((sum, node) => sum + node["Shared Hit Blocks"] + node["Shared Read Blocks"], 0);
}

function* nodesOf(plan: Plan): Generator<Plan> {
  yield plan;
  for (const child of plan.Plans ?? []) yield* nodesOf(child);
}

const literal = (value: unknown) => {
  if (value === null || value === undefined) return "null";
  const text = Array.isArray(value) ? `{${value.map((part) => part ?? "null").join(",")}}` : String(value);
  return `'${text.replaceAll("'", "''")}'`;
};

/** A runtime on one connection, which notes how each statement is carried out: by the plan that it would have there by then. */
function explaining(fixture: Fixture): { runtime: Runtime; plans: () => { text: string; plan: Plan }[] } {
  const alone = openDatabase({ url: fixture.url, connections: 1 });
  onTestFinished(() => alone.close());
  let plans: { text: string; plan: Plan }[] = [];
  const explain = async (
    { name, text }: Statement<unknown>,
    values: readonly unknown[],
    on: Pick<Database, "query">,
  ) => {
    const [found] = await on.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
      sql.raw(`explain (analyze, buffers, format json) execute "${name}"(${values.map(literal).join(", ")})`),
    );
    if (found) plans.push({ text, plan: found["QUERY PLAN"][0].Plan });
  };
  const run: Database["run"] = async (statement, values) => {
    // It is the same on the same rows only before it has changed them.
    await alone.query(sql`begin`);
    await alone.run(statement, values);
    await alone.query(sql`rollback; begin`);
    await explain(statement, values, alone);
    await alone.query(sql`rollback`);
    return alone.run(statement, values);
  };
  return {
    runtime: { ...fixture.runtime, database: { ...alone, run } },
    plans: () => {
      const noted = plans;
      plans = [];
      return noted;
    },
  };
}

it.each([
  ["knows nothing of the tables", 0],
  ["knew them when they were small", 60],
  ["knows them", VERSIONS],
])(
  "reads and writes one of 10,000 versions by keys alone, when the database %s",
  { timeout: 60_000 },
  async (_name, analyzedAt) => {
    const fixture = await createFixture();
    onTestFinished(() => fixture.close());
    const { projectId, admin } = fixture;
    const contextId = (await openContext(fixture.runtime, admin, { projectId, name: newId() })).id;
    const agent = await addAgent(fixture, "reader");
    const { runtime, plans } = explaining(fixture);
    let last = 0;
    for (const until of [60, VERSIONS]) {
      // The last of a chain, or near it.
      const number = Math.min(last + 101, until);
      await addVersions(fixture, contextId, last + 1, until);
      last = until;
      if (analyzedAt === until) await fixture.database.query(sql`analyze contexts, context_versions, context_contents`);
      // From the sixth time on a statement has one plan for all values.
      for (let time = 0; time < 6; time++) {
        // What is there is no data, which is found out when it has been read.
        await getVersionData(runtime, agent.caller, [{ contextId, number }]).catch(() => {});
        await writeContext(runtime, agent.caller, { contextId, data: { until, time }, idempotencyKey: newId() });
        last += 1;
      }
      if (until < VERSIONS) plans();
    }
    const found = plans();
    expect(found.length).toBeGreaterThan(6 * 3);
    for (const { text, plan } of found) {
      const pages = pagesOf(plan);
      const most = text.includes("recursive") ? PAGES_OF_A_CHAIN + 40 : 250;
      expect(pages, `${text} ${JSON.stringify(plan)}`).toBeLessThan(most);
      for (const node of nodesOf(plan)) expect(node["Node Type"], text).not.toBe("Seq Scan");
    }
  },
);
