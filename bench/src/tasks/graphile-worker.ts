import { Logger, makeWorkerUtils, run, type Runner, type WorkerUtils } from "graphile-worker";
import pg from "pg";
import { say } from "../report.ts";
import { inParts, WORKERS, type Workload, type WorkloadName } from "./workload.ts";

/** What its documentation gives for throughput (worker.graphile.org/docs/performance). */
const BATCHING = { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };
const logger = new Logger(() => (level, message) => {
  if (level === "error" || level === "warning") say(message);
});

/** graphile-worker with an empty task. To complete a job is to remove it: all are done when the table is empty. */
export async function openGraphileWorker(url: string, workload: WorkloadName): Promise<Workload> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const utils = await makeWorkerUtils({ preset: { worker: { connectionString: url } }, logger });
  await utils.migrate();
  const untilEmpty = async () => {
    const sql = "select exists (select from graphile_worker._private_jobs) as some";
    while ((await client.query<{ some: boolean }>(sql)).rows[0]?.some);
  };
  const opened =
    workload === "batched" ? await openBatched(url, utils, untilEmpty) : openSingle(url, utils, untilEmpty);
  return {
    run: opened.run,
    async close() {
      await opened.close();
      await utils.release();
      await client.end();
    },
  };
}

function start(url: string, options: object, empty: () => void): Promise<Runner> {
  const worker = { connectionString: url, concurrentJobs: WORKERS, maxPoolSize: WORKERS + 1, ...options };
  return run({ preset: { worker }, taskList: { empty }, parsedCronItems: [], noHandleSignals: true, logger });
}

function add(utils: WorkerUtils, tasks: number): Promise<void> {
  const jobs = (count: number) => Array.from({ length: count }, () => ({ identifier: "empty", payload: {} }));
  return inParts(tasks, (count) => utils.addJobs(jobs(count)));
}

async function openBatched(url: string, utils: WorkerUtils, untilEmpty: () => Promise<void>): Promise<Workload> {
  let onRun = () => {};
  const runner = await start(url, BATCHING, () => onRun());
  return {
    async run(tasks) {
      const { promise, resolve } = Promise.withResolvers<void>();
      let left = tasks;
      onRun = () => {
        left -= 1;
        if (left === 0) resolve();
      };
      const begun = performance.now();
      await add(utils, tasks);
      await promise;
      await untilEmpty();
      return performance.now() - begun;
    },
    close: () => runner.stop(),
  };
}

/** The time runs from the first job on, so that it has no part in starting and connecting. */
function openSingle(url: string, utils: WorkerUtils, untilEmpty: () => Promise<void>): Workload {
  return {
    async run(tasks) {
      await add(utils, tasks);
      const { promise, resolve } = Promise.withResolvers<void>();
      let begun: number | null = null;
      let left = tasks;
      const runner = await start(url, {}, () => {
        begun ??= performance.now();
        left -= 1;
        if (left === 0) resolve();
      });
      await promise;
      await untilEmpty();
      const took = performance.now() - (begun ?? 0);
      await runner.stop();
      return took;
    },
    close: async () => {},
  };
}
