import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, openDatabase } from "@muster/database/database.ts";
import { startEmbeddedPostgres } from "@muster/database/embedded/start-embedded-postgres.ts";
import { ensureDatabase } from "@muster/database/ensure-database.ts";
import { migrate } from "@muster/database/migrate.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { sql } from "drizzle-orm";
import { expect, it, onTestFinished } from "vitest";
import { insertEvents } from "../test/insert-events.ts";
import { openFeed } from "./feed.ts";
import type { Frame } from "./frame.ts";
import { presentCursor } from "./locate.ts";
import { adoptLog } from "./restore.ts";
import { subscribe } from "./subscribe.ts";
import { recordWatermark } from "./watermark.ts";

/** What `pg_dump --data-only` and `pg_restore` would do, table by table; events' xids come along as they are. */
async function dumpAndRestore(from: Database, to: Database): Promise<void> {
  for (const table of ["installation", "event_watermarks", "events"]) {
    const rows = await from.query<{ row: object }>(sql`select to_jsonb(t) as row from ${sql.raw(table)} t`);
    await to.query(sql`delete from ${sql.raw(table)}`);
    await to.query(sql`
      insert into ${sql.raw(table)} select restored.* from jsonb_array_elements(${JSON.stringify(rows.map(({ row }) => row))}::jsonb) row,
        jsonb_populate_record(null::${sql.raw(table)}, row) restored`);
  }
  const [sequence] = await from.query<{ last: string }>(sql`select last_value::text as last from events_id_seq`);
  await to.query(sql`select setval('events_id_seq', ${sequence?.last}::bigint)`);
}

async function burnTransactions(database: Database, count: number): Promise<void> {
  await database.query(
    sql.raw(`do $$ begin for n in 1..${count} loop perform pg_current_xact_id(); commit; end loop; end $$`),
  );
}

/** The frames until replay has reached the present. */
async function untilCaughtUp(frames: AsyncIterable<Frame>): Promise<Frame[]> {
  const taken: Frame[] = [];
  for await (const frame of frames) {
    taken.push(frame);
    if (frame.kind === "Bookmark" && frame.caughtUp) break;
  }
  return taken;
}

const isEvent = (frame: Frame) => frame.kind === "EventDelivery";

it("a log restored in another server hides nothing, delivers nothing twice, and says that old cursors are void", async () => {
  const folder = await mkdtemp(join(tmpdir(), "muster-restore-"));
  const postgres = await startEmbeddedPostgres({ dataDir: folder });
  onTestFinished(async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const address = new URL(postgres.url);
  address.pathname = "/restored";
  await ensureDatabase(address.href);
  await migrate(address.href);
  const restored = openDatabase({ url: address.href, connections: 4, onError: () => {} });
  const { url, drop } = await createTestDatabase();
  const original = openDatabase({ url, connections: 4 });
  onTestFinished(async () => {
    await Promise.all([original.close(), restored.close()]);
    await drop();
  });
  const projectId = randomUUID();
  await burnTransactions(original, 5_000);
  expect(await adoptLog(original)).toBe(false);
  expect(await adoptLog(original)).toBe(false);
  const first = await presentCursor(original);
  for (let part = 0; part < 5; part += 1) await insertEvents(original, projectId, 4);
  await recordWatermark(original, 1);
  const last = await presentCursor(original);

  await dumpAndRestore(original, restored);
  const [xids] = await restored.query<{ ahead: boolean }>(
    sql`select min(xid) > pg_snapshot_xmax(pg_current_snapshot()) as ahead from events`,
  );
  expect(xids?.ahead).toBe(true);
  // Retention had removed something: cursors of now have to be good all the same.
  await restored.query(sql`update installation set events_retained_from_id = 3`);
  const adopted = await Promise.all(Array.from({ length: 10 }, () => adoptLog(restored)));
  expect(adopted.filter(Boolean)).toHaveLength(1);

  const feed = await openFeed({ url: address.href, onError: () => {} });
  onTestFinished(() => feed.close());
  expect(feed.restored).toBe(false);
  for (const after of [first, last]) {
    const [frame] = await untilCaughtUp(subscribe(feed, { place: { projectId }, after }));
    expect(frame).toMatchObject({ kind: "ResyncRequired", reason: "CURSOR_UNKNOWN" });
    const following = subscribe(feed, { place: { projectId }, after: (frame as Frame).cursor });
    expect((await untilCaughtUp(following)).filter(isEvent)).toEqual([]);
    await following.return?.();
  }
  const cursor = await feed.presentCursor();
  const live = subscribe(feed, { place: { projectId } });
  // More than the server needs to come to the numbers that the restored events had.
  for (let part = 0; part < 5; part += 1) {
    await burnTransactions(restored, 1_000);
    await insertEvents(restored, projectId, 2);
  }
  feed.committed();
  const delivered: string[] = [];
  for await (const frame of live) {
    if (frame.kind === "EventDelivery") delivered.push(frame.event.id);
    if (delivered.length === 10) break;
  }
  const expected = Array.from({ length: 10 }, (_, at) => String(21 + at));
  expect(delivered).toEqual(expected);
  const replayed = await untilCaughtUp(subscribe(feed, { place: { projectId }, after: cursor }));
  expect(replayed.flatMap((frame) => (frame.kind === "EventDelivery" ? [frame.event.id] : []))).toEqual(expected);
}, 90_000);

it("a copy of the database within a server is told from it, and a restart is none", async () => {
  const { url, drop } = await createTestDatabase();
  const database = openDatabase({ url, connections: 2 });
  onTestFinished(async () => {
    await database.close();
    await drop();
  });
  const epoch = async () =>
    (await database.query<{ epoch: number }>(sql`select epoch::int as epoch from installation`))[0]?.epoch;
  expect(await adoptLog(database)).toBe(false);
  expect(await adoptLog(database)).toBe(false);
  expect(await epoch()).toBe(1);
  await database.query(sql`update installation set database = '1/2/3'`);
  const feed = await openFeed({ url, onError: () => {} });
  await feed.close();
  expect(feed.restored).toBe(true);
  expect(await epoch()).toBe(2);
  // Written by a version that did not record where, and with numbers that this server has not come to.
  await insertEvents(database, randomUUID(), 1);
  await database.query(sql`update installation set database = null`);
  expect(await adoptLog(database)).toBe(false);
  await database.query(sql`update events set xid = '1000000000'`);
  await database.query(sql`update installation set database = null`);
  expect(await adoptLog(database)).toBe(true);
  expect(await epoch()).toBe(3);
});
