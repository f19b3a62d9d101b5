import { type Database, openDatabase } from "@muster/database/database.ts";
import { createTestDatabase, type TestDatabase } from "@muster/database/test-database.ts";
import { randomUUID } from "node:crypto";
import { type SQL, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { insertEvents } from "../test/insert-events.ts";
import { presentPosition } from "./locate.ts";
import type { Position } from "./position.ts";
import { DEFAULT_SIZES, freshQuery, readBatch, walkQuery } from "./read-batch.ts";
import { recordWatermark } from "./watermark.ts";

const PARTITION = 5_000;
const projectId = randomUUID();
const options = { sizes: DEFAULT_SIZES };
let place: TestDatabase;
let database: Database;
/** Positions after every 2,000 of 40,000 events. */
const positions: Position[] = [];

beforeAll(async () => {
  place = await createTestDatabase();
  database = openDatabase({ url: place.url, connections: 1 });
  await database.query(sql`drop table events_0, events_5000000, events_10000000`);
  await database.query(sql`select create_event_partitions(10, ${PARTITION})`);
  for (let part = 0; part < 20; part += 1) {
    for (let transaction = 0; transaction < 20; transaction += 1) await insertEvents(database, projectId, 100);
    await recordWatermark(database, 1_000);
    positions.push((await presentPosition(database)).position);
  }
  await database.query(sql`analyze events`);
});
afterAll(async () => {
  await database.close();
  await place.drop();
});

/** The scans of event partitions that really ran, as "kind of scan, partition". */
async function scansOf(query: SQL, planning: string): Promise<string[]> {
  await database.query(sql`set plan_cache_mode = ${sql.raw(planning)}`);
  const rows = await database.query<{ "QUERY PLAN": string }>(sql`explain (analyze, costs off) ${query}`);
  return rows
    .map((row) => row["QUERY PLAN"])
    .filter((line) => / on events_\d/.test(line) && !line.includes("never executed"))
    .map((line) => `${/(\w+(?: Only)?) Scan/.exec(line)?.[1]} ${/events_(\d+)/.exec(line)?.[1]}`);
}

it.each(["force_generic_plan", "force_custom_plan"])(
  "a poll of the live end touches no old partition: %s",
  async (planning) => {
    await insertEvents(database, projectId, 3);
    const recent = positions.at(-1) as Position;
    const scans = await scansOf(freshQuery(recent, options), planning);
    expect(scans.length).toBeGreaterThan(0);
    const oldest = Math.min(...scans.map((scan) => Number(scan.split(" ")[1])));
    // Another test's transaction on the same server may have been running: its events are looked for from further back.
    const floor = recent.snapshot.running.length > 0 ? recent.floor.running : recent.floor.newer;
    expect(oldest).toBeGreaterThanOrEqual(Number(floor) - PARTITION);
    expect(scans.filter((scan) => scan.startsWith("Seq") && Number(scan.split(" ")[1]) < 40_000)).toEqual([]);
  },
);

it("a page of a large backlog reads one index in the order of ids, from where the backlog begins", async () => {
  const early = positions[4] as Position;
  const { target, position } = await readBatch(database, early, options);
  const lastId = position.page?.lastId ?? "0";
  const scans = await scansOf(walkQuery(early, target, lastId, String(Number(lastId) + 200_000), options), "auto");
  expect(scans).toEqual([`Index ${Math.floor(Number(lastId) / PARTITION) * PARTITION}`]);
  expect(Number(lastId)).toBeLessThan(10_000 + 2 * DEFAULT_SIZES.page);
});

it("a filter that matches nothing goes through a bounded part of the log for each page", async () => {
  const sizes = { page: 10, lookUp: 100, window: 3_000 };
  let position = positions[0] as Position;
  let pages = 0;
  for (let complete = false; !complete; pages += 1) {
    const batch = await readBatch(database, position, { sizes, place: { projectId: randomUUID() } });
    expect(batch.events).toEqual([]);
    ({ position, complete } = batch);
  }
  expect(pages).toBeGreaterThan(10);
});
