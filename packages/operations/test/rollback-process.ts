import { type Connection, type Database, openDatabase } from "@muster/database/database.ts";
import { systemCaller } from "../src/authorize.ts";
import { forceRollback } from "../src/contexts/rollbacks/force-rollback.ts";
import { retryRollback } from "../src/contexts/rollbacks/retry-rollback.ts";
import { rollBackContext } from "../src/contexts/rollbacks/roll-back-context.ts";
import { DEFAULT_SETTINGS } from "../src/settings.ts";

/** What the process is told by argv[2]. */
export interface RollbackProcess {
  readonly url: string;
  readonly contextId: string;
  readonly does: keyof typeof OPERATIONS;
  /** It kills itself instead of running the statement of this number, from 0, of its transaction; at their end before it commits. */
  readonly dieAt: number;
}

const OPERATIONS = { roll: rollBackContext, retry: retryRollback, restart: retryRollback, force: forceRollback };

const { url, contextId, does, dieAt } = JSON.parse(process.argv[2] ?? "{}") as RollbackProcess;
const database = openDatabase({ url, connections: 2 });
let count = 0;
const step = () => {
  if (count === dieAt) process.kill(process.pid, "SIGKILL");
  count += 1;
};
const mortal: Database = {
  ...database,
  transaction: (work) =>
    database.transaction(async (transaction) => {
      const counted: Connection = {
        run: (...parameters) => (step(), transaction.run(...parameters)),
        query: (...parameters) => (step(), transaction.query(...parameters)),
      };
      const result = await work(counted);
      step();
      return result;
    }),
};
const input = { contextId, reason: "by a process that may die", toVersion: 1, restartAgents: does === "restart" };
await OPERATIONS[does](
  { database: mortal, settings: DEFAULT_SETTINGS, committed: () => {} },
  systemCaller("test"),
  input,
);
await database.close();
