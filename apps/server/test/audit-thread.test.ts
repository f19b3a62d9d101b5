import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { type Database, openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { expect, it, onTestFinished } from "vitest";
import { createLogger } from "../src/logger.ts";
import { startServerOn } from "./harness.ts";

/** A database of its own, and what has been logged by the servers on it. */
async function setUp() {
  const { url, drop } = await createTestDatabase();
  const database = openDatabase({ url, onError: () => {} });
  const lines: string[] = [];
  const log = createLogger("info", { write: (line) => void lines.push(line) });
  onTestFinished(async () => {
    await database.close();
    await drop();
  });
  const start = async (environment: Record<string, string> = {}) => {
    const server = await startServerOn(url, environment, {}, log);
    onTestFinished(() => server.stop());
    return server;
  };
  return { database, lines, start };
}

const query = <Row = object>(database: Database, text: string) => database.run(statement<Row>(text), []);

const append = (database: Database) =>
  query(
    database,
    `insert into events (type, subject_id, subject_version, actor_kind, actor_name, payload)
    select 'user.updated', gen_random_uuid(), n, 'SYSTEM', 'test', '{}' from generate_series(1, 500) n`,
  );

async function unsealed(database: Database): Promise<number> {
  const [row] = await query<{ count: number }>(
    database,
    `
    select ((select count(*) from events) - (select coalesce(sum(size), 0) from audit_blocks))::int as count`,
  );
  return row?.count ?? -1;
}
const allSealed = (database: Database) =>
  expect.poll(() => unsealed(database), { timeout: 10_000, interval: 50 }).toBe(0);
const CONNECTIONS = `select pid from pg_stat_activity where datname = current_database() and application_name = 'muster audit'`;

it("seals while the thread that answers requests is busy", async () => {
  const { database, start } = await setUp();
  await start();
  await allSealed(database);
  await append(database);
  // For three seconds nothing at all runs on this thread.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_000);
  expect(await unsealed(database)).toBe(0);
});

it.runIf(process.platform === "linux")("leaves processors that are scarce to the requests", async () => {
  const { database, start } = await setUp();
  await start();
  await allSealed(database);
  const niceness = async (thread: string) =>
    Number((await readFile(`/proc/self/task/${thread}/stat`, "utf8")).split(") ")[1]?.split(" ")[16]);
  const others = (await readdir("/proc/self/task")).filter((thread) => thread !== String(process.pid));
  const own = await niceness(String(process.pid));
  expect(Math.max(...(await Promise.all(others.map(niceness))))).toBeGreaterThan(own);
});

it("goes on with a new connection, and gives up its lease and its connection when the server stops", async () => {
  const { database, start, lines } = await setUp();
  const server = await start();
  await allSealed(database);
  await query(database, `select pg_terminate_backend(pid) from (${CONNECTIONS}) gone`);
  await append(database);
  await allSealed(database);
  expect(lines.filter((line) => line.includes('"loop":"audit"')).join()).toMatch(/^$|57P01|terminat/);
  await server.stop();
  expect(await query(database, `select from audit_sealer where lease_until is null`)).toHaveLength(1);
  expect(await query(database, CONNECTIONS)).toEqual([]);
});

it("says in the log what keeps it from signing, never a key, and seals nevertheless", async () => {
  const { database, start, lines } = await setUp();
  const [one, another] = [1, 2].map(() => randomBytes(32).toString("base64"));
  const first = await start({ MUSTER_ENCRYPTION_KEY: one! });
  await expect.poll(() => query(database, `select from audit_checkpoints`), { timeout: 10_000 }).not.toHaveLength(0);
  await first.stop();
  await query(database, `delete from audit_checkpoints`);
  await start({ MUSTER_ENCRYPTION_KEY: another! });
  await append(database);
  const warned = () => lines.filter((line) => line.includes('"loop":"audit"'));
  await expect.poll(warned, { timeout: 10_000 }).not.toHaveLength(0);
  expect(JSON.parse(warned()[0]!)).toMatchObject({ level: "warn", err: { message: expect.stringMatching(/key/) } });
  await allSealed(database);
  for (const key of [one!, another!]) expect(lines.join()).not.toContain(key);
});
