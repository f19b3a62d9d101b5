import type { Reach } from "@muster/domain/actor.ts";
import type { Connection, Database } from "@muster/database/database.ts";
import type { Statement } from "@muster/database/statement.ts";
import pg from "pg";
import type { PlanNode } from "./plan-node.ts";

/** What Postgres did for one statement, and would have written. */
export interface ExplainedStatement {
  /** What was being done. */
  readonly step: string;
  readonly plan: PlanNode;
}

/** Plans for any values, as the engine's connections come to have them, and plans for the values at hand. */
const PLAN_CACHE_MODES = ["force_generic_plan", "force_custom_plan"] as const;

/**
 * Like `database`, but explains each statement on tasks the first time that it is run in a step, in a transaction of its own that
 * is rolled back, before it runs it: with the real values and in the real state of the tables.
 */
export class ExplainingDatabase implements Database {
  readonly url: string;
  readonly explained: ExplainedStatement[] = [];
  step = "";
  readonly #database: Database;
  readonly #seen = new Set<string>();

  constructor(database: Database) {
    this.#database = database;
    this.url = database.url;
  }

  async run<Row>(statement: Statement<Row>, values: readonly unknown[]): Promise<Row[]> {
    await this.#explain(statement, values);
    return this.#database.run(statement, values);
  }

  /** Only what runs for the whole installation is explained. */
  within(reach: Reach): Database {
    return this.#database.within(reach);
  }

  query: Connection["query"] = (query) => this.#database.query(query);

  transaction<Result>(work: (transaction: Connection) => Promise<Result>): Promise<Result> {
    return this.#database.transaction((transaction) =>
      work({
        query: (query) => transaction.query(query),
        run: async (statement, values) => {
          await this.#explain(statement, values);
          return transaction.run(statement, values);
        },
      }),
    );
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  async #explain({ name, text }: Statement<unknown>, values: readonly unknown[]): Promise<void> {
    const key = `${this.step} ${name}`;
    if (this.step === "" || this.#seen.has(key) || !/\b(from|join|update|into) tasks\b/.test(text)) return;
    this.#seen.add(key);
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      await client.query(`prepare explained as ${text}`);
      const call = values.length === 0 ? "explained" : `explained (${values.map(literal).join(", ")})`;
      for (const mode of PLAN_CACHE_MODES) {
        await client.query(`begin; set local plan_cache_mode = ${mode}; set local lock_timeout = '5s'`);
        const { rows } = await client.query<{ "QUERY PLAN": [{ readonly Plan: PlanNode }] }>(
          `explain (analyze, buffers, format json) execute ${call}`,
        );
        await client.query("rollback");
        const [explanation] = rows[0]?.["QUERY PLAN"] ?? [];
        if (!explanation) throw new Error("Postgres explained nothing.");
        this.explained.push({ step: this.step, plan: explanation.Plan });
      }
    } finally {
      await client.end();
    }
  }
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return pg.escapeLiteral(`{${value.map((item) => JSON.stringify(item)).join(",")}}`);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value instanceof Date) return `'${value.toISOString()}'`;
  return pg.escapeLiteral(typeof value === "string" ? value : JSON.stringify(value));
}
