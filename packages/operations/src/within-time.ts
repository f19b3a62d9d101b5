import { createContext, Script } from "node:vm";

const work = new Script("work()");
const sandbox = createContext({ work: null as (() => unknown) | null });

/**
 * Runs `task`, which has to be synchronous, and stops it after so many milliseconds, wherever it is: also in the middle of a regular
 * expression. Then it throws `outOfTime()`. What `task` was changing is left half changed.
 */
export function withinTime<Result>(milliseconds: number, task: () => Result, outOfTime: () => Error): Result {
  sandbox["work"] = task;
  try {
    return work.runInContext(sandbox, { timeout: milliseconds }) as Result;
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") throw outOfTime();
    throw error;
  } finally {
    sandbox["work"] = null;
  }
}
