import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Database, openDatabase } from "@muster/database/database.ts";
import { createTestDatabase, type TestDatabase } from "@muster/database/test-database.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { EVENT_COLUMNS, type LoggedEvent } from "../src/event.ts";
import { type Feed, openFeed } from "../src/feed.ts";
import { type FeedPlace, isOf, placeCondition } from "../src/feed-place.ts";
import type { Frame } from "../src/frame.ts";
import { presentPosition } from "../src/locate.ts";
import { DEFAULT_SIZES, walkQuery } from "../src/read-batch.ts";
import { atomic, type LoggedFact, ordered, reliable, unique } from "../src/testing/validators.ts";
import { subscribe } from "../src/subscribe.ts";
import { atEnd, recorded } from "./readers.ts";

const WRITERS = 6;
const LOAD_MS = 3_000;
const workspaces = [randomUUID(), randomUUID()];
const projects = workspaces.map((workspaceId) => ({ workspaceId, ids: [randomUUID(), randomUUID()] }));
const people = [randomUUID(), randomUUID()];
const [someone = ""] = people;
const [workspaceId = ""] = workspaces;
const places: FeedPlace[] = [
  { projectId: projects[0]?.ids[0] ?? "" },
  { workspaceId },
  { userId: someone },
  "installation",
  "everywhere",
];

let place: TestDatabase;
let database: Database;
/** Two replicas; one reads in such small pages that it goes through ids all the time. */
let feeds: Feed[];

beforeAll(async () => {
  place = await createTestDatabase();
  database = openDatabase({ url: place.url, connections: WRITERS + 2 });
  for (const [at, id] of workspaces.entries()) {
    await database.query(sql`insert into workspaces (id, slug, name) values (${id}, ${`w-${at}`}, 'test')`);
    for (const [of, project] of (projects[at]?.ids ?? []).entries())
      await database.query(
        sql`insert into projects (id, workspace_id, slug, name) values (${project}, ${id}, ${`p-${of}`}, 'test')`,
      );
  }
  const small = { page: 5, lookUp: 10, window: 1_000 };
  feeds = await Promise.all(
    [DEFAULT_SIZES, small].map((sizes) => openFeed({ url: place.url, sizes, onError: () => {} })),
  );
});
afterAll(async () => {
  await Promise.all(feeds.map((feed) => feed.close()));
  await database.close();
  await place.drop();
});

const any = <Value>(values: readonly Value[]): Value => values[Math.floor(Math.random() * values.length)] as Value;

/** Appends to all places from many connections; some transactions stay open while later ones commit, and some are rolled back. */
async function write(until: number): Promise<void> {
  const subject = randomUUID();
  let version = 0;
  while (performance.now() < until) {
    const before = version;
    const work = database.transaction(async (transaction) => {
      for (let event = 0; event < 3; event += 1) {
        version += 1;
        const { ids, workspaceId: of } = any(projects);
        const [workspace, project] = any([[null, null] as const, [of, null] as const, [of, any(ids)] as const]);
        const person = any(people);
        const outside = any([
          { type: "user.updated", of: person },
          { type: "session.ended", of: randomUUID() },
        ]);
        const { type, of: subjectId } = workspace === null ? outside : { type: "thing.changed", of: subject };
        await transaction.query(sql`
          insert into events (workspace_id, project_id, type, subject_id, subject_version, actor_kind, actor_name, payload)
          values (${workspace}, ${project}, ${type}, ${subjectId}, ${type === "thing.changed" ? version : 1}, 'SYSTEM', 'writer',
            ${JSON.stringify(type === "session.ended" ? { userId: person } : {})})`);
        if (Math.random() < 0.1) await sleep(Math.random() * 200);
      }
      if (Math.random() < 0.1) throw new Error("rolled back");
    });
    await work.catch(() => (version = before));
    for (const feed of feeds) feed.committed();
  }
}

/** Reads a place from `start` until told that nobody writes any more and the present is reached; leaves after `most` frames and comes back. */
async function follow(of: FeedPlace, start: string, most: number, ended: () => boolean): Promise<Frame[]> {
  const frames: Frame[] = [];
  let after = start;
  for (;;) {
    const taken: Frame[] = [];
    const closing = ended();
    for await (const frame of subscribe(any(feeds), { place: of, after })) {
      taken.push(recorded(frame));
      if (closing ? atEnd(taken) : taken.length >= most || ended()) break;
    }
    frames.push(...taken);
    after = frames.at(-1)?.cursor ?? after;
    if (closing) return frames;
  }
}

async function logOf(of: FeedPlace): Promise<LoggedFact[]> {
  return database.query<LoggedFact>(sql`
    select e.id::text as id, e.xid::text as xid, e.subject_id as "subjectId", e.subject_version as "subjectVersion"
    from events e where ${placeCondition(of) ?? sql`true`} order by e.id`);
}

it("keeps every guarantee in every place, with late commits, across reconnections and replicas", async () => {
  const start = (await feeds[0]?.presentCursor()) ?? "";
  const until = performance.now() + LOAD_MS;
  let over = false;
  const following = places.flatMap((of) =>
    [7, 60, Infinity].map((most) => ({ of, read: follow(of, start, most, () => over) })),
  );
  await Promise.all(Array.from({ length: WRITERS }, () => write(until)));
  over = true;
  for (const { of, read } of following) {
    const [log, history] = [await logOf(of), await read];
    expect(log.length, JSON.stringify(of)).toBeGreaterThan(20);
    const wrong = [...reliable(log, history), ...unique(history), ...ordered(history), ...atomic(log, history)];
    expect(wrong.slice(0, 5), JSON.stringify(of)).toEqual([]);
  }
});

it("has the same events live as in the database", async () => {
  const events = await database.query<LoggedEvent>(sql`select ${EVENT_COLUMNS} from events e order by e.id`);
  for (const of of [...places, { userId: randomUUID() }, { workspaceId: randomUUID() }]) {
    const live = events.filter((event) => isOf(of, event)).map(({ id }) => id);
    expect(live, JSON.stringify(of)).toEqual((await logOf(of)).map(({ id }) => id));
  }
});

it("reads a replay of a workspace, of what is outside of all, and of a person by indexes of its own", async () => {
  // Of others there is far more.
  await database.query(sql`
    insert into events (workspace_id, project_id, type, subject_id, subject_version, actor_kind, actor_name, payload)
    select ${randomUUID()}::uuid, ${randomUUID()}::uuid, 'thing.changed', gen_random_uuid(), 1, 'SYSTEM', 'test', '{}' from generate_series(1, 50_000)`);
  const { position } = await presentPosition(database);
  await database.query(sql`analyze events`);
  for (const of of places.slice(0, 4)) {
    const nothing = { ...position, snapshot: { xmin: 1n, xmax: 1n, running: [] } };
    const query = walkQuery(nothing, position.snapshot, "0", "1000000", { place: of, sizes: DEFAULT_SIZES });
    const replay = feeds[0]?.database ?? database;
    const rows = await replay.transaction(async (transaction) => {
      await transaction.query(sql`set local enable_seqscan = off`);
      return transaction.query<{ "QUERY PLAN": string }>(sql`explain (costs off) ${query}`);
    });
    const scans = rows.map((row) => row["QUERY PLAN"]).filter((line) => / on events_\d/.test(line));
    expect(scans.length).toBeGreaterThan(0);
    for (const scan of scans) expect(scan, JSON.stringify(of)).toMatch(/(workspace|project)_id_id_idx/);
  }
});
