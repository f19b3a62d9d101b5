import { existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@muster/database/embedded/free-port.ts";
import { createTestDatabase, type TestDatabase } from "@muster/database/test-database.ts";
import { type MusterProcess, startMuster } from "../muster-process.ts";

/** Where a Muster is that several files use at once. */
export interface SharedMuster {
  readonly url: string;
  readonly dataDir: string;
}

/** As for one that is a file's own, and time to be told of it. */
const READY_MS = 300_000;

/**
 * Vitest calls this as a global set-up, after that of the databases, and what it returns at the end. A Muster without the demo is started
 * when the first test asks for it: to start one and to warm it up takes as much of the machine as eight pages do.
 */
export default function lendMuster(): () => Promise<void> {
  const folder = runFolder();
  const ended = new AbortController();
  const serving = serve(folder, ended.signal);
  return async () => {
    ended.abort();
    await serving;
  };
}

/** The run's Muster. Works in a test run only. */
export async function borrowMuster(): Promise<SharedMuster> {
  const { wanted, record } = filesIn(runFolder());
  await writeFile(wanted, "");
  const deadline = performance.now() + READY_MS;
  while (!existsSync(record)) {
    if (performance.now() > deadline) throw new Error("The Muster that files share was not ready in time.");
    await sleep(50);
  }
  const outcome = JSON.parse(await readFile(record, "utf8")) as SharedMuster | { failure: string };
  if ("failure" in outcome) throw new Error(`The Muster that files share did not start: ${outcome.failure}`);
  return outcome;
}

async function serve(folder: string, ended: AbortSignal): Promise<void> {
  const { wanted, record } = filesIn(folder);
  while (!existsSync(wanted)) {
    if (ended.aborted) return;
    await sleep(50);
  }
  const dataDir = join(folder, "muster");
  let database: TestDatabase | null = null;
  let muster: MusterProcess | null = null;
  // An interrupted vitest exits without calling us.
  const kill = () => void muster?.interrupt();
  process.once("exit", kill);
  try {
    database = await createTestDatabase();
    muster = await startMuster(dataDir, await freePort(), ["--no-demo"], { DATABASE_URL: database.url });
    await writeFile(`${record}.new`, JSON.stringify({ url: muster.url, dataDir } satisfies SharedMuster));
  } catch (error) {
    await writeFile(`${record}.new`, JSON.stringify({ failure: String(error) }));
  }
  await rename(`${record}.new`, record);
  if (!ended.aborted) await new Promise((resolve) => ended.addEventListener("abort", resolve, { once: true }));
  await muster?.interrupt();
  await database?.drop();
  process.off("exit", kill);
}

function runFolder(): string {
  const folder = process.env["MUSTER_TEST_RUN"];
  if (!folder) throw new Error("Files share a Muster in a test run only: start the tests with `npm test` or vitest.");
  return folder;
}

function filesIn(folder: string) {
  return { wanted: join(folder, "muster-wanted"), record: join(folder, "muster.json") };
}
