import type { Connection } from "@muster/database/database.ts";
import { type Statement, statement } from "@muster/database/statement.ts";
import { type SQL, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addTasks, bulkJobsOn } from "../../test/bulk-jobs.ts";
import { createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { systemCaller } from "../authorize.ts";
import { callerValues } from "../caller-values.ts";
import { listBulkJobs, listBulkJobTargets } from "./bulk-job-queries.ts";
import { recordTaskOutcomes } from "./record-task-outcomes.ts";
import { jobsWithWork, takeTurn } from "./take-turn.ts";

const TARGETS = 1_000_000;
const DONE = 500_000;
const WATCHED = 100;
const BATCH = 500;
const MANY_JOBS = 5_000;

let fixture: Fixture;
let jobId: string;
let next: string[];

beforeAll(async () => {
  fixture = await createFixture();
  const { database } = fixture;
  next = await addTasks(fixture, BATCH, { kind: "next" });
  const watched = await addTasks(fixture, WATCHED, { kind: "watched" });
  await addTasks(fixture, 20_000, { kind: "others" });
  ({ id: jobId } = await bulkJobsOn(fixture).cancel(["nothing"]));
  await database.query(sql`
    insert into bulk_jobs (id, workspace_id, project_id, kind, state, filter, reason, total, creator_kind, creator_name, finished_at)
    select gen_random_uuid(), workspace_id, project_id, kind, 'SUCCEEDED', '{}', 'over', 0, 'SYSTEM', 'test', clock_timestamp()
    from bulk_jobs, generate_series(1, ${MANY_JOBS}::int) where id = ${jobId}`);
  await database.query(sql`
    update bulk_jobs set total = ${TARGETS}, position = ${DONE}, succeeded = ${DONE - WATCHED}, looked_at = looked_at - interval '1 minute' where id = ${jobId}`);
  // The watched ones are the first, the batch comes next; of the rest there is nothing but the number.
  await database.query(sql`
    insert into bulk_job_targets (job_id, number, task_id, outcome, at)
    select ${jobId}, n,
      coalesce((${sql.param(watched)}::uuid[])[n], (${sql.param(next)}::uuid[])[n - ${DONE}::int], gen_random_uuid()),
      case when n <= ${WATCHED} then 'STARTED' when n <= ${DONE} then 'SUCCEEDED' else 'PENDING' end, clock_timestamp()
    from generate_series(1, ${TARGETS}::int) n`);
  await database.query(sql`analyze`);
}, 120_000);
afterAll(() => fixture.close());

interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly Plan[];
}

const LARGE = ["tasks", "bulk_jobs", "bulk_job_targets"];

interface Looked {
  /** Large tables that were read from beginning to end. */
  readonly scanned: (string | undefined)[];
  /** The most rows that were sorted at once. */
  readonly sorted: number;
  readonly buffers: number;
}

function judged(plan: Plan): Looked {
  const nodes = nodesOf(plan);
  return {
    scanned: nodes
      .filter((node) => node["Node Type"] === "Seq Scan" && LARGE.some((name) => name === node["Relation Name"]))
      .map((node) => node["Relation Name"]),
    sorted: Math.max(0, ...nodes.filter((node) => node["Node Type"] === "Sort").map((node) => rowsOf(node))),
    buffers: plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
  };
}

function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

function rowsOf({ Plans: [input] = [] }: Plan): number {
  return input ? input["Actual Rows"] : 0;
}

/** How a statement goes about it, the sixth time too, when its plan may be a general one. Leaves nothing behind. */
async function explain(text: Statement<unknown>, values: readonly unknown[]): Promise<Looked> {
  const undone = new Error("undone");
  const explained = statement<{ "QUERY PLAN": [{ Plan: Plan }] }>(
    `explain (analyze, buffers, format json) ${text.text}`,
  );
  let looked: Looked | undefined;
  for (let time = 1; time <= 6; time += 1) {
    const work = fixture.database.transaction(async (transaction) => {
      const [row] = await transaction.run(explained, values);
      if (row) looked = judged(row["QUERY PLAN"][0].Plan);
      throw undone;
    });
    await work.catch((error: unknown) => {
      if (error !== undone) throw error;
    });
  }
  if (!looked) throw new Error("There is no plan.");
  return looked;
}

describe("what the loop asks, with a million targets", () => {
  it("finds the jobs that have work among those that are over", async () => {
    const { scanned, buffers } = await explain(jobsWithWork, []);
    expect({ scanned, few: buffers < 50 }).toEqual({ scanned: [], few: true });
  });

  it("takes a turn by reading the batch alone", async () => {
    const { scanned, sorted, buffers } = await explain(takeTurn, [jobId]);
    expect({ scanned, sorted: sorted <= BATCH }).toEqual({ scanned: [], sorted: true });
    // A few for each target: its index page, its row, its task.
    expect(buffers).toBeLessThan(BATCH * 12);
  });

  it("writes down a batch and looks at what is being watched, and at nothing else", async () => {
    const values = [jobId, next, [], [], true, 60_000];
    const { scanned, sorted, buffers } = await explain(recordTaskOutcomes, [
      ...callerValues(systemCaller("test")),
      ...values,
    ]);
    expect({ scanned, sorted: sorted <= BATCH }).toEqual({ scanned: [], sorted: true });
    expect(buffers).toBeLessThan((BATCH + WATCHED) * 40);
  });
});

describe("what screens ask, with a million targets", () => {
  /** How the first query that `read` makes goes about it. */
  async function planOf(read: (runtime: Fixture["runtime"]) => Promise<ReadonlyMap<string, unknown>>): Promise<Looked> {
    let looked: Looked | undefined;
    const database: Connection = {
      ...fixture.database,
      async query<Row>(query: SQL) {
        const [row] = await fixture.database.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
          sql`explain (analyze, buffers, format json) ${query}`,
        );
        if (row) looked ??= judged(row["QUERY PLAN"][0].Plan);
        return fixture.database.query<Row>(query);
      },
    };
    await only(read({ ...fixture.runtime, database: { ...fixture.database, ...database } }));
    if (!looked) throw new Error("There is no plan.");
    return looked;
  }

  it.each([
    ["all", null],
    ["those being watched", ["STARTED"]],
    ["those that failed, of which there are none", ["FAILED"]],
    ["those left", ["PENDING"]],
    ["several outcomes", ["SUCCEEDED", "SKIPPED", "PENDING"]],
  ] as const)("targets: %s", async (_name, outcomes) => {
    const { scanned, buffers } = await planOf((runtime) =>
      listBulkJobTargets(runtime, fixture.admin, [jobId], { outcomes, page: { first: 50 } }),
    );
    expect({ scanned, few: buffers < 100 }).toEqual({ scanned: [], few: true });
  });

  it("jobs: the newest first", async () => {
    const { scanned, buffers } = await planOf((runtime) =>
      listBulkJobs(runtime, fixture.admin, [fixture.projectId], { states: null, page: { first: 50 } }),
    );
    expect({ scanned, few: buffers < 200 }).toEqual({ scanned: [], few: true });
  });
});
