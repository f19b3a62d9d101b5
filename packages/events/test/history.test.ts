import { createTestDatabase } from "@muster/database/test-database.ts";
import { openDatabase } from "@muster/database/database.ts";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import pg from "pg";
import { expect, it } from "vitest";
import { type Feed, openFeed } from "../src/feed.ts";
import type { Frame } from "../src/frame.ts";
import { recordWatermark } from "../src/watermark.ts";
import { atEnd, read, readInProcess } from "./readers.ts";
import { createSubjects } from "../src/testing/subjects.ts";
import {
  atomic,
  bookmarked,
  type LoggedFact,
  ordered,
  reliable,
  resumable,
  unique,
} from "../src/testing/validators.ts";
import { type Load, writeEvents } from "./writers.ts";

interface Scenario {
  readonly load: Load;
  /** How much the feeds read at once; each is another replica. */
  readonly pages: readonly [number, number, number];
  /** A client is cut after at most so many frames. */
  readonly cutAfter: number;
}

const scenarios: fc.Arbitrary<Scenario> = fc.record({
  load: fc.record({
    writers: fc.integer({ min: 8, max: 24 }),
    durationMs: fc.constant(2_500),
    multiStatement: fc.double({ min: 0.1, max: 0.6, noNaN: true }),
    rolledBack: fc.double({ min: 0.05, max: 0.4, noNaN: true }),
    openMs: fc.constantFrom(200, 1_000),
    killEveryMs: fc.constantFrom(250, 700),
  }),
  pages: fc.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 6, max: 50 }), fc.constant(250)),
  cutAfter: fc.integer({ min: 1, max: 60 }),
});

it("delivers every committed event once, in order and in whole transactions, to clients that come and go", async () => {
  await fc.assert(fc.asyncProperty(scenarios, check), { numRuns: 2, endOnFailure: true });
}, 120_000);

async function check({ load, pages, cutAfter }: Scenario): Promise<void> {
  const { url, drop } = await createTestDatabase();
  const projectId = randomUUID();
  await useSmallPartitions(url);
  const subjects = await createSubjects(url, 500);
  const database = openDatabase({ url, connections: 1, onError: () => {} });
  const feeds = await Promise.all(
    pages.map((page) => openFeed({ url, onError: () => {}, sizes: { page, lookUp: page * 4, window: page * 40 } })),
  );
  const foreign = await openForeignTransaction(url);
  const anyFeed = () => feeds[Math.floor(Math.random() * feeds.length)] as Feed;
  const start = await anyFeed().presentCursor();

  let writing = true;
  const steady = feeds.map((feed) => readToTheEnd(feed, projectId, start));
  const roaming = Array.from({ length: 4 }, () => roam(anyFeed, projectId, start, cutAfter, () => writing));
  const watermarks = recordWatermarks();
  const written = await writeEvents(url, projectId, subjects, load, () => anyFeed().committed());
  await writeLastEvent(url, projectId);
  writing = false;
  await watermarks;
  const connections = await Promise.all(steady);
  const roamers = await Promise.all(roaming);
  await foreign.end();

  const log = await readLog(url);
  const logged = new Set(log.map((fact) => `${fact.subjectId}@${fact.subjectVersion}`));
  const lost = written.acknowledged.filter(({ subjectId, version }) => !logged.has(`${subjectId}@${version}`));
  expect(lost, "acknowledged commits that are not in the log").toEqual([]);
  expect(log.length).toBeGreaterThan(100);
  expect(written.rolledBack).toBeGreaterThan(0);
  expect(written.killed).toBeGreaterThan(0);

  const histories = [...connections.map((frames) => frames.map(({ frame }) => frame)), ...roamers];
  for (const history of histories) {
    expect(reliable(log, history), "reliable").toEqual([]);
    expect(unique(history), "unique").toEqual([]);
    expect(ordered(history), "ordered").toEqual([]);
    expect(atomic(log, history), "atomic").toEqual([]);
  }
  for (const connection of connections) expect(bookmarked(connection, 10_000), "bookmarked").toEqual([]);

  // Any cursor that anybody ever got is good on any replica, also in another process.
  for (let round = 0; round < 10; round += 1) {
    const history = histories[round % histories.length] ?? [];
    const cut = history.length - 1 - Math.floor(Math.random() * Math.min(history.length, 400));
    const cursor = history[cut]?.cursor ?? start;
    const continued =
      round === 0
        ? await readInProcess(url, projectId, cursor, Number.MAX_SAFE_INTEGER)
        : await read(anyFeed(), projectId, cursor, atEnd);
    expect(resumable(log, history.slice(0, cut + 1), continued), "resumable").toEqual([]);
  }

  await Promise.all(feeds.map((feed) => feed.close()));
  await database.close();
  await drop();

  async function recordWatermarks() {
    while (writing) {
      await recordWatermark(database, 50).catch(() => {});
      await sleep(50);
    }
  }
}

const LAST = "history.ended";

/** Written after all others have ended: whoever has its whole batch has everything. */
async function writeLastEvent(url: string, projectId: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    `insert into events (project_id, type, subject_id, subject_version, actor_kind, actor_name, payload)
     values ($1, $2, gen_random_uuid(), 1, 'SYSTEM', 'writer', '{}')`,
    [projectId, LAST],
  );
  await client.end();
}

/** One connection that stays, to the end of the history. */
async function readToTheEnd(feed: Feed, projectId: string, start: string) {
  const frames: { at: number; frame: Frame }[] = [];
  let last = false;
  await read(feed, projectId, start, (taken) => {
    const frame = taken.at(-1);
    if (frame) frames.push({ at: performance.now(), frame });
    last ||= frame?.kind === "EventDelivery" && frame.event.type === LAST;
    return last && frame?.kind === "Bookmark";
  });
  return frames;
}

/** A client that is cut again and again and comes back, with its last cursor, to some replica. */
async function roam(anyFeed: () => Feed, projectId: string, start: string, cutAfter: number, writing: () => boolean) {
  const history: Frame[] = [];
  let ended = false;
  while (!ended) {
    const last = !writing();
    const many = 1 + Math.floor(Math.random() * cutAfter);
    const frames = await read(anyFeed(), projectId, history.at(-1)?.cursor ?? start, (taken) =>
      last ? atEnd(taken) : taken.length >= many || atEnd(taken),
    );
    expect(frames.filter((frame) => frame.kind === "ResyncRequired")).toEqual([]);
    history.push(...frames);
    ended = last;
  }
  return history;
}

/** A transaction of somebody else in the same cluster that has written and never ends. */
async function openForeignTransaction(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: "foreign" });
  client.on("error", () => {});
  await client.connect();
  await client.query("create table if not exists foreign_table (id int)");
  await client.query("begin");
  await client.query("insert into foreign_table values (1)");
  return client;
}

/** So that a short history goes through many partitions. */
async function useSmallPartitions(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`
    do $$ declare name text; begin
      for name in select inhrelid::regclass::text from pg_inherits where inhparent = 'events'::regclass loop
        execute 'drop table ' || name;
      end loop;
    end $$`);
  await client.query("select create_event_partitions(40, 500)");
  await client.end();
}

async function readLog(url: string): Promise<LoggedFact[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<LoggedFact>(
    `select id::text, xid::text, subject_id as "subjectId", subject_version as "subjectVersion" from events order by id`,
  );
  await client.end();
  return rows;
}
