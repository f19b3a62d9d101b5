import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { openDatabase } from "@muster/database/database.ts";
import { startEmbeddedPostgres } from "@muster/database/embedded/start-embedded-postgres.ts";
import { ensureDatabase } from "@muster/database/ensure-database.ts";
import { migrate } from "@muster/database/migrate.ts";
import { sql } from "drizzle-orm";
import { expect, it, onTestFinished } from "vitest";
import { presentPosition } from "../src/locate.ts";
import type { Position } from "../src/position.ts";
import { DEFAULT_SIZES, readBatch } from "../src/read-batch.ts";
import { insertEvents } from "./insert-events.ts";

const ROLLED_BACK = 20;
const AFTERWARDS = 30;

it("a position of before a crash misses nothing, although transactions get the same numbers again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "muster-crash-"));
  let postgres = await startEmbeddedPostgres({ dataDir: folder });
  onTestFinished(async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const address = new URL(postgres.url);
  address.pathname = "/crash";
  await ensureDatabase(address.href);
  await migrate(address.href);
  const open = () => openDatabase({ url: address.href, connections: 1, onError: () => {} });
  const nextOf = async (database: ReturnType<typeof open>) => {
    const [row] = await database.query<{ next: string }>(
      sql`select pg_snapshot_xmax(pg_current_snapshot())::text as next`,
    );
    return BigInt(row?.next ?? 0);
  };

  const projectId = randomUUID();
  const before = open();
  // What is not committed reaches the disk late.
  await before.query(sql`alter system set wal_writer_delay = '10s'`);
  await before.query(sql`select pg_reload_conf()`);
  const start = (await presentPosition(before)).position;
  await insertEvents(before, projectId, 1);
  for (let times = 0; times < ROLLED_BACK; times += 1) {
    const rolledBack = before.transaction(async (transaction) => {
      await insertEvents(transaction as never, projectId, 1);
      throw new Error("rolled back");
    });
    await expect(rolledBack).rejects.toThrow("rolled back");
  }
  const positions: Position[] = [
    (await presentPosition(before)).position,
    (await readBatch(before, start, { sizes: DEFAULT_SIZES })).position,
    (await readBatch(before, start, { sizes: { ...DEFAULT_SIZES, lookUp: 0 } })).position,
  ];
  const next = await nextOf(before);
  process.kill(postgres.pid, "SIGKILL");
  await postgres.exited;
  await before.close();
  postgres = await startEmbeddedPostgres({ dataDir: folder, port: postgres.port });

  const after = open();
  onTestFinished(() => after.close());
  expect(await nextOf(after), "numbers are given out again").toBeLessThan(next);
  for (let times = 0; times < AFTERWARDS; times += 1) await insertEvents(after, projectId, 1);
  for (const position of positions) {
    const { events } = await readBatch(after, position, { sizes: DEFAULT_SIZES });
    expect(events).toHaveLength(AFTERWARDS);
  }
}, 60_000);
