import { type SQL, sql } from "drizzle-orm";
import type { Runtime } from "../src/runtime.ts";

interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly Plan[];
}

export interface Looked {
  /** How many rows the statements looked at, in the table or in its partitions. */
  readonly rows: number;
  /** How: "Index Scan", "Seq Scan", … */
  readonly scans: ReadonlySet<string>;
}

/** What the composed statements of a piece of work look at in a table; prepared ones are left out. */
export async function rowsLookedAt(
  runtime: Runtime,
  table: string,
  work: (runtime: Runtime) => Promise<unknown>,
): Promise<Looked> {
  const nodes: Plan[] = [];
  const { database } = runtime;
  await work({
    ...runtime,
    database: {
      ...database,
      async query<Row>(query: SQL) {
        const [row] = await database.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
          sql`explain (analyze, format json) ${query}`,
        );
        if (row) nodes.push(...nodesOf(row["QUERY PLAN"][0].Plan));
        return database.query<Row>(query);
      },
    },
  });
  const scans = nodes.filter((node) => node["Relation Name"]?.startsWith(table));
  const looked = scans.map(
    (node) => (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"],
  );
  return { rows: looked.reduce((sum, rows) => sum + rows, 0), scans: new Set(scans.map((node) => node["Node Type"])) };
}

function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}
