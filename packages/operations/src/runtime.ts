import type { Connection, Database } from "@muster/database/database.ts";
import type { Statement } from "@muster/database/statement.ts";
import type { OperationSettings } from "./settings.ts";

/** What operations run on. One for each process. */
export interface Runtime {
  readonly database: Database;
  readonly settings: OperationSettings;
  /** Called after each commit that may have appended events: a hint for this process's tail. */
  committed(): void;
}

/** Runs one statement that commits by itself, and wakes the feed. */
export async function write<Row>(
  runtime: Runtime,
  statement: Statement<Row>,
  values: readonly unknown[],
): Promise<Row[]> {
  const rows = await runtime.database.run(statement, values);
  runtime.committed();
  return rows;
}

/** Runs `work` in one transaction, and wakes the feed once it has committed. */
export async function writeAll<Result>(
  runtime: Runtime,
  work: (transaction: Connection) => Promise<Result>,
): Promise<Result> {
  const result = await runtime.database.transaction(work);
  runtime.committed();
  return result;
}
