import { mkdtemp, readdir, rename, rm, stat, writeFile, chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { lockFolder } from "@muster/processes/folder-lock.ts";
import { startEmbeddedPostgres, stopEmbeddedPostgres } from "./embedded/start-embedded-postgres.ts";
import { migrate } from "./migrate.ts";

/** Environment variable through which the processes of one test run find its folder. */
export const TEST_RUN = "MUSTER_TEST_RUN";
/** Test databases' names begin so, followed by the time of their making in seconds, base 36. */
export const NAME_PREFIX = "muster_test_";

/** Written into the run's folder when the template is there, or could not be made. */
export type Preparation = { url: string; template: string } | { failure: string };

const FOLDER_PREFIX = "muster-test-run-";
const POSTGRES = "postgres";
const LOCK = "run";
const ABANDONED_SECONDS = 6 * 60 * 60;

/**
 * Begins a test run; vitest calls this as its global set-up, and what it returns at the end. A PostgreSQL (or
 * `TEST_DATABASE_URL`) with a migrated template database is made ready when the first test asks for a database. What
 * runs that were killed left behind is cleaned up. `MUSTER_TEST_FSYNC=off` trades durability for speed.
 */
export default async function beginTestRun(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), FOLDER_PREFIX));
  // As root, PostgreSQL runs as another user, who must be able to pass.
  await chmod(folder, 0o711);
  const lock = await lockFolder(folder, LOCK);
  await cleanUpDeadRuns();
  process.env[TEST_RUN] = folder;

  const ended = new AbortController();
  const serving = serve(folder, ended.signal);
  return async () => {
    ended.abort();
    await serving;
    lock.release();
    await rm(folder, { recursive: true, force: true });
  };
}

/** Waits until a test wants a database, prepares the template, and takes everything down when the run has ended. */
async function serve(folder: string, ended: AbortSignal): Promise<void> {
  while (!(await exists(join(folder, "wanted")))) {
    if (ended.aborted) return;
    await sleep(20);
  }
  const external = process.env["TEST_DATABASE_URL"];
  const template = `${NAME_PREFIX}${Math.floor(Date.now() / 1000).toString(36)}_template_${process.pid}`;
  let stop = async () => {};
  let preparation: Preparation;
  try {
    let url = external;
    if (!url) {
      const postgres = await startEmbeddedPostgres({
        dataDir: join(folder, POSTGRES),
        settings: { max_connections: "400", fsync: process.env["MUSTER_TEST_FSYNC"] ?? "on" },
      });
      // An interrupted vitest exits without calling us: then at least PostgreSQL ends, and the next run tidies up.
      const quit = () => process.kill(postgres.pid, "SIGQUIT");
      process.once("exit", quit);
      stop = async () => {
        await postgres.stop({ graceMs: 5_000 });
        process.off("exit", quit);
      };
      url = postgres.url;
    }
    await prepareTemplate(url, template);
    preparation = { url, template };
  } catch (error) {
    preparation = { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  await writeFile(join(folder, "preparation.new"), JSON.stringify(preparation));
  await rename(join(folder, "preparation.new"), join(folder, "preparation.json"));
  if (!ended.aborted) await new Promise((resolve) => ended.addEventListener("abort", resolve, { once: true }));
  if (external) await dropTestDatabases(external, (name) => name === template);
  await stop();
}

async function prepareTemplate(url: string, template: string): Promise<void> {
  await dropTestDatabases(url, (_, ageSeconds) => ageSeconds > ABANDONED_SECONDS);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create database ${template}`);
  } finally {
    await client.end();
  }
  await migrate(databaseUrl(url, template));
}

async function dropTestDatabases(url: string, chosen: (name: string, ageSeconds: number) => boolean): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "select datname as name from pg_database where starts_with(datname, $1)",
      [NAME_PREFIX],
    );
    for (const { name } of rows) {
      const madeAt = Number.parseInt(name.slice(NAME_PREFIX.length), 36);
      if (chosen(name, Date.now() / 1000 - madeAt)) {
        await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
      }
    }
  } finally {
    await client.end();
  }
}

async function cleanUpDeadRuns(): Promise<void> {
  for (const entry of await readdir(tmpdir())) {
    if (!entry.startsWith(FOLDER_PREFIX)) continue;
    const folder = join(tmpdir(), entry);
    // A run that lives holds its lock; somebody else's we may not read.
    const lock = await lockFolder(folder, LOCK).catch(() => null);
    if (!lock) continue;
    if (await exists(join(folder, POSTGRES))) await stopEmbeddedPostgres(join(folder, POSTGRES));
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same server, another database. */
export function databaseUrl(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
