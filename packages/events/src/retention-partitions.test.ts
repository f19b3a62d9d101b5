import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  addPlace,
  attached,
  countEvents,
  createRetentionFixture,
  enforceUntilRemoved,
  insertOldEvents,
  markSealed,
  settledPresent,
  type Place,
  type RetentionFixture,
} from "../test/retention-fixture.ts";
import { decodeCursor, encodeCursor, pageCursors } from "./cursor.ts";
import { locateCursor, presentCursor } from "./locate.ts";
import { openFeed } from "./feed.ts";
import { createRetention } from "./retention.ts";
import { subscribe } from "./subscribe.ts";

// Transactions of other tests on the same server are waited for.
vi.setConfig({ testTimeout: 90_000 });

let fixture: RetentionFixture;
let place: Place;
let folder: string;
beforeEach(async () => {
  fixture = await createRetentionFixture();
  place = await addPlace(fixture.database);
  folder = await mkdtemp(join(tmpdir(), "muster-archive-"));
});
afterEach(async () => {
  await fixture.close();
  await rm(folder, { recursive: true, force: true });
});

/** 4,500 old events and 1,000 new ones: the partitions 0 to 3 can go. */
async function fill(): Promise<void> {
  await insertOldEvents(fixture.database, place, 4_500, 40);
  await insertOldEvents(fixture.database, place, 1_000, 0);
}

const LEFT = ["events_before_4000", "events_4000", "events_5000"];

it("drops whole partitions that are older than the longest policy, and nothing without one", async () => {
  const { database } = fixture;
  await fill();
  expect(await fixture.retention({ days: null }).enforce()).toEqual({ droppedPartitions: [], deletedEvents: 0 });
  await database.query(sql`update workspaces set event_retention_days = 60`);
  expect(await fixture.retention({ days: 30 }).enforce()).toEqual({ droppedPartitions: [], deletedEvents: 0 });
  expect(await countEvents(database, place)).toBe(5_500);
  await database.query(sql`update workspaces set event_retention_days = null`);
  const { droppedPartitions } = await enforceUntilRemoved(fixture.retention({ days: 30 }));
  expect(droppedPartitions).toEqual(["events_0", "events_1000", "events_2000", "events_3000"]);
  expect(await attached(database)).toEqual(LEFT);
});

it("ends the cursors of before and no other, whether events come or not", async () => {
  const { database } = fixture;
  const early = await presentCursor(database);
  await insertOldEvents(database, place, 4_500, 40);
  const { installation, position } = await settledPresent(database);
  const late = encodeCursor(installation, position.snapshot);
  await database.query(sql`select pg_current_xact_id()`);
  await enforceUntilRemoved(fixture.retention({ days: 30 }));
  expect(await locateCursor(database, early)).toMatchObject({ reason: "CURSOR_EXPIRED" });
  expect(await locateCursor(database, early, { projectId: place.projectId })).toMatchObject({
    reason: "CURSOR_EXPIRED",
  });
  expect(await locateCursor(database, late)).toHaveProperty("position");
  const from = decodeCursor(early)?.place.snapshot ?? position.snapshot;
  const inPage = (id: number) => pageCursors(installation, from, position.snapshot)(String(id));
  expect(await locateCursor(database, inPage(3_998))).toMatchObject({ reason: "CURSOR_EXPIRED" });
  expect(await locateCursor(database, inPage(3_999))).toHaveProperty("position");
});

it("waits for a transaction that could still have events with low ids", async () => {
  const { database } = fixture;
  const retention = fixture.retention({ days: 30 });
  await database.transaction(async (transaction) => {
    await transaction.query(sql`select pg_current_xact_id()`);
    await fill();
    for (let round = 0; round < 3; round += 1)
      expect(await retention.enforce()).toEqual({ droppedPartitions: [], deletedEvents: 0 });
  });
  await enforceUntilRemoved(retention);
});

it("writes what goes to files that can be read back, and drops nothing when it cannot", async () => {
  const { database } = fixture;
  await fill();
  const before = await database.query<{ line: unknown }>(
    sql`select to_jsonb(e) as line from events e where id < 4000 order by id`,
  );
  const file = join(folder, "file");
  await writeFile(file, "");
  const failing = fixture.retention({ days: 30, archiveDir: join(file, "archive") });
  await expect
    .poll(() => failing.enforce().then(String, (error: NodeJS.ErrnoException) => error.code), { timeout: 60_000 })
    .toBe("ENOTDIR");
  expect((await attached(database))[0]).toBe("events_0");
  const [bound] = await database.query(sql`select events_retained_from_id::int as id from installation`);
  expect(bound).toEqual({ id: 0 });

  const archiveDir = join(folder, "archive");
  await enforceUntilRemoved(fixture.retention({ days: 30, archiveDir }));
  const names = await readdir(archiveDir);
  expect(names.sort()).toEqual([
    "events-1-999.ndjson.gz",
    "events-1000-1999.ndjson.gz",
    "events-2000-2999.ndjson.gz",
    "events-3000-3999.ndjson.gz",
  ]);
  await database.query(sql`create table archived (like events)`);
  for (const name of names) {
    const lines = gunzipSync(await readFile(join(archiveDir, name)))
      .toString()
      .trimEnd()
      .split("\n");
    await database.query(sql`
      insert into archived select event.* from unnest(${sql.param(lines)}::jsonb[]) line, jsonb_populate_record(null::events, line) event`);
  }
  expect(await database.query(sql`select to_jsonb(e) as line from archived e order by id`)).toEqual(before);
});

it("never touches an archive that is there", async () => {
  const { database } = fixture;
  await fill();
  await writeFile(join(folder, "events-1-999.ndjson.gz"), "another one");
  await enforceUntilRemoved(fixture.retention({ days: 30, archiveDir: folder }));
  expect(await readFile(join(folder, "events-1-999.ndjson.gz"), "utf8")).toBe("another one");
  expect(await readdir(folder)).toContain("events-1-999.2.ndjson.gz");
  expect(await countEvents(database, place)).toBe(1_501);
});

it("goes on after a crash at any step", async () => {
  const { database } = fixture;
  await fill();
  const retention = fixture.retention({ days: null });
  // The bound is raised, and nothing else is done: also without a policy the removal is finished.
  await database.query(sql`update installation set events_retained_from_id = 2000`);
  expect((await enforceUntilRemoved(retention)).droppedPartitions).toEqual(["events_0", "events_1000"]);
  expect(await attached(database)).toEqual([
    "events_before_2000",
    "events_2000",
    "events_3000",
    "events_4000",
    "events_5000",
  ]);
  // What is kept has its table, one partition is detached, the other not.
  await database.query(sql`update installation set events_retained_from_id = 4000`);
  await database.query(sql`create table events_before_4000 (like events including defaults including constraints)`);
  await database.query(sql`insert into events_before_4000 select * from events where id = 7 or id = 2007`);
  await database.query(sql.raw(`alter table events detach partition events_2000 concurrently`));
  expect([...(await enforceUntilRemoved(retention)).droppedPartitions].sort()).toEqual([
    "events_2000",
    "events_3000",
    "events_before_2000",
  ]);
  expect(await attached(database)).toEqual(LEFT);
  expect(await database.query(sql`select id::int from events where id < 4000`)).toEqual([{ id: 2007 }]);
  expect(await retention.enforce()).toEqual({ droppedPartitions: [], deletedEvents: 0 });
});

it("keeps no writer waiting and no subscriber out, and finishes a detachment that a long transaction has held up", async () => {
  const { database, url } = fixture;
  await fill();
  const errors: Error[] = [];
  const feed = await openFeed({ url, onError: (error) => errors.push(error) });
  const delivered: unknown[] = [];
  const live = subscribe(feed, { place: { projectId: place.projectId } });
  const reading = (async () => {
    for await (const frame of live) if (frame.kind !== "Bookmark") delivered.push(frame.kind);
  })();
  const retention = fixture.retention({ days: 30 });
  let [slowest, written, writing] = [0, 0, true];
  const writer = (async () => {
    for (; writing; written += 1) {
      const begun = performance.now();
      await insertOldEvents(database, place, 1, 0);
      slowest = Math.max(slowest, performance.now() - begun);
      await sleep(5);
    }
  })();
  await database.transaction(async (reader) => {
    await reader.query(sql`select count(*) from events`);
    await expect
      .poll(() => retention.enforce().then(String, (error: { code?: string }) => error.code), { timeout: 60_000 })
      .toBe("55P03");
    const pending = await database.query(sql`select from pg_inherits where inhdetachpending`);
    expect(pending).toHaveLength(1);
    const [bound] = await database.query(sql`select events_retained_from_id::int as id from installation`);
    expect(bound, "known before anything is removed").toEqual({ id: 4_000 });
  });
  await enforceUntilRemoved(retention);
  await sleep(200);
  writing = false;
  await writer;
  await expect.poll(() => delivered.length, { timeout: 10_000 }).toBe(written);
  await feed.close();
  await reading;
  expect(new Set(delivered)).toEqual(new Set(["EventDelivery"]));
  expect(errors).toEqual([]);
  expect((await attached(database)).slice(0, 2)).toEqual(LEFT.slice(0, 2));
  expect(written).toBeGreaterThan(100);
  expect(slowest).toBeLessThan(1_500);
});

it("is done by one process at a time, however many there are", async () => {
  const { database, url } = fixture;
  await fill();
  await markSealed(database);
  const loops = Array.from({ length: 10 }, () => createRetention({ url, days: 30, archiveDir: folder }));
  const dropped: string[] = [];
  const deadline = performance.now() + 60_000;
  while (dropped.length === 0 && performance.now() < deadline) {
    const reports = await Promise.all(loops.map((retention) => retention.enforce()));
    expect(reports.some((report) => report === null)).toBe(true);
    dropped.push(...reports.flatMap((report) => report?.droppedPartitions ?? []));
  }
  expect(dropped).toEqual(["events_0", "events_1000", "events_2000", "events_3000"]);
  expect(await attached(database)).toEqual(LEFT);
  expect(await readdir(folder)).toHaveLength(4);
  const underWay = loops.map((retention) => retention.enforce());
  await Promise.all(loops.map((retention) => retention.close()));
  await expect(Promise.all(underWay)).resolves.toHaveLength(10);
  expect(await loops[0]?.enforce()).toBeNull();
});
