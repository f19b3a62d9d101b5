import type { Connection, Database } from "@muster/database/database.ts";
import type { Statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { OperationSettings } from "./settings.ts";

/** What operations run on. One for each process, and what `actingFor` makes of it for those with a limited reach. */
export interface Runtime {
  readonly database: Database;
  readonly settings: OperationSettings;
  /** Called after each commit that may have appended events: a hint for this process's tail. */
  committed(): void;
  /** The process's, of one for a caller: see `processOf`. */
  readonly process?: Runtime;
}

/**
 * The runtime in a caller's name: the database shows its statements nothing beyond the caller's reach, whatever they say. What
 * serves several callers at once must not run on it: see `processOf`.
 */
export function actingFor(runtime: Runtime, { actor }: Caller): Runtime {
  const whole = processOf(runtime);
  const database = whole.database.within(actor.reach);
  return database === whole.database ? whole : { ...whole, database, process: whole };
}

/** The runtime of the process, for statements that serve several callers at once and carry the reach of each. */
export function processOf(runtime: Runtime): Runtime {
  return runtime.process ?? runtime;
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
