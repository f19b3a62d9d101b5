import { openGraphileWorker } from "./graphile-worker.ts";
import { openMuster } from "./muster.ts";
import { openPgBoss } from "./pg-boss.ts";
import type { Workload, WorkloadName } from "./workload.ts";

/** A process of its own for one measurement: prints the milliseconds that the tasks took, after some to warm up. */
const [contestant = "", workload = "single", url = "", warmUp = "1", tasks = "1"] = process.argv.slice(2);

const OPEN: Readonly<Record<string, (url: string, workload: WorkloadName) => Promise<Workload>>> = {
  muster: openMuster,
  "graphile-worker": openGraphileWorker,
  "pg-boss": openPgBoss,
};

const opened = await OPEN[contestant]?.(url, workload as WorkloadName);
if (!opened) throw new TypeError(`There is no contestant ${contestant}.`);
await opened.run(Number(warmUp));
const milliseconds = await opened.run(Number(tasks));
await opened.close();
process.stdout.write(`${milliseconds}\n`);
process.exit(0);
