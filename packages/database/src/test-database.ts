import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { databaseUrl, NAME_PREFIX, type Preparation, TEST_RUN } from "./test-run.ts";

export interface TestDatabase {
  readonly url: string;
  /** Ends every connection to it and removes it. */
  drop(): Promise<void>;
}

const PREPARED_MS = 120_000;
const BUSY_MS = 30_000;
/** SQLSTATE object_in_use: somebody is connected to the template, for instance autovacuum. */
const OBJECT_IN_USE = "55006";

/** Makes a migrated, empty database that nobody else uses. Works in processes of a test run (`beginTestRun`) only. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { url, template } = await prepared();
  const name = `${NAME_PREFIX}${Math.floor(Date.now() / 1000).toString(36)}_${randomBytes(8).toString("hex")}`;
  const deadline = performance.now() + BUSY_MS;
  while (true) {
    try {
      await run(url, `create database ${name} template ${template}`);
      break;
    } catch (error) {
      if ((error as { code?: string }).code !== OBJECT_IN_USE || performance.now() > deadline) throw error;
      await sleep(50);
    }
  }
  return {
    url: databaseUrl(url, name),
    drop: () => run(url, `drop database if exists ${name} with (force)`),
  };
}

async function prepared(): Promise<{ url: string; template: string }> {
  const folder = process.env[TEST_RUN];
  if (!folder) throw new Error("Test databases exist in a test run only: start the tests with `npm test` or vitest.");
  await writeFile(join(folder, "wanted"), "");
  const deadline = performance.now() + PREPARED_MS;
  while (performance.now() < deadline) {
    const text = await readFile(join(folder, "preparation.json"), "utf8").catch(() => null);
    if (text !== null) {
      const preparation = JSON.parse(text) as Preparation;
      if ("failure" in preparation) throw new Error(`The test database could not be prepared: ${preparation.failure}`);
      return preparation;
    }
    await sleep(20);
  }
  throw new Error(`The test database was not ready after ${PREPARED_MS / 1000} s.`);
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
