/** A process that does nothing but run bulk jobs, until it is killed: `node run-bulk-jobs-process.ts <database url>`. */
import { openDatabase } from "@muster/database/database.ts";
import { runBulkJobs } from "../src/bulk-jobs/run-bulk-jobs.ts";
import { DEFAULT_SETTINGS } from "../src/settings.ts";

const [, , url = ""] = process.argv;
const database = openDatabase({ url, connections: 2, applicationName: "bulk jobs process" });
const runtime = { database, settings: DEFAULT_SETTINGS, committed: () => {} };
const until = performance.now() + 30_000;
while (performance.now() < until) {
  if (!(await runBulkJobs(runtime, () => {}))) await new Promise((resolve) => setTimeout(resolve, 20));
}
await database.close();
