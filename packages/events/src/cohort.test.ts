import { createTestDatabase } from "@muster/database/test-database.ts";
import { type Database, openDatabase } from "@muster/database/database.ts";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { insertEvents } from "../test/insert-events.ts";
import { recorded } from "../test/readers.ts";
import { Cohort, type CohortMember } from "./cohort.ts";
import { type Feed, openFeed } from "./feed.ts";
import type { Frame } from "./frame.ts";
import { subscribe } from "./subscribe.ts";

let database: Database;
let feed: Feed;
let projectId: string;
let cleanUp: (() => Promise<unknown>)[];

beforeEach(async () => {
  const { url, drop } = await createTestDatabase();
  projectId = randomUUID();
  database = openDatabase({ url, connections: 4, onError: () => {} });
  feed = await openFeed({ url, onError: () => {} });
  cleanUp = [() => feed.close(), () => database.close(), drop];
});
afterEach(async () => {
  for (const step of cleanUp) await step();
});

interface Member extends CohortMember<Frame> {
  readonly frames: Frame[];
  ended: string | null;
}

function member(): Member {
  const made: Member = {
    frames: [],
    ended: null,
    deliver: (frame) => void made.frames.push(recorded(frame)),
    end: (reason) => void (made.ended = reason),
  };
  return made;
}

function cohort(render: (frame: Frame) => Frame | Promise<Frame> = (frame) => frame) {
  let empty = 0;
  const options = { feed, place: { projectId }, filter: {}, render, onEmpty: () => void (empty += 1) };
  return { of: new Cohort<Frame>(options), emptied: () => empty };
}

/** Replays after `after` for this member alone, and joins the cohort as soon as it may. */
async function replayAndJoin(joining: Member, to: Cohort<Frame>, after: string | null): Promise<void> {
  const subscription = subscribe(feed, { place: { projectId }, after });
  for await (const frame of subscription) {
    joining.deliver(frame);
    if (Math.random() < 0.1) await sleep(Math.random() * 5);
    if (!subscription.isLevel) continue;
    to.join(joining);
    return;
  }
}

const ids = ({ frames }: Member) => frames.flatMap((frame) => (frame.kind === "EventDelivery" ? [frame.event.id] : []));

async function loggedIds(): Promise<string[]> {
  const rows = await database.query<{ id: string }>(
    sql`select id::text from events where project_id = ${projectId}::uuid`,
  );
  return rows.map((row) => row.id);
}

it("goes on for each member exactly where its replay ended, while events come from all sides", async () => {
  // Rendering takes its time, so that the cohort itself is behind the tail when somebody joins.
  const shared = cohort(async (frame) => {
    await sleep(Math.random() * 15);
    return frame;
  });
  const start = await feed.presentCursor();
  const members: Member[] = [];
  const enough = () => members.length >= 30;
  const write = async () => {
    while (!enough()) {
      await database.transaction(async (transaction) => {
        await insertEvents(transaction, projectId, 1 + Math.floor(Math.random() * 3));
        if (Math.random() < 0.3) await sleep(Math.random() * 30);
        await insertEvents(transaction, projectId, 1);
      });
      feed.committed();
      await sleep(Math.random() * 40);
    }
  };
  const arrive = async () => {
    while (!enough()) {
      const arriving = member();
      await replayAndJoin(arriving, shared.of, start);
      members.push(arriving);
    }
  };
  await Promise.all([write(), write(), write(), arrive(), arrive(), arrive()]);
  const logged = (await loggedIds()).toSorted();
  await expect.poll(() => members.every((one) => ids(one).length >= logged.length), { timeout: 10_000 }).toBe(true);
  for (const one of members) {
    expect(ids(one).toSorted()).toEqual(logged);
    expect(one.frames.filter((frame) => frame.kind === "ResyncRequired")).toEqual([]);
  }
});

it("renders each frame once, whatever the number of its members, and delivers in order though rendering is not", async () => {
  const renderings: Frame[] = [];
  let delay = 60;
  const shared = cohort(async (frame) => {
    renderings.push(frame);
    delay = Math.max(0, delay - 10);
    await sleep(delay);
    return frame;
  });
  const members = Array.from({ length: 50 }, member);
  for (const one of members) await replayAndJoin(one, shared.of, null);
  await insertEvents(database, projectId, 10);
  feed.committed();
  await expect.poll(() => members.every((one) => ids(one).length === 10)).toBe(true);
  expect(renderings.filter((frame) => frame.kind === "EventDelivery")).toHaveLength(10);
  for (const one of members) expect(ids(one)).toEqual(await loggedIds());
});

it("leaves a cursor behind each member from which nothing is missed, also when the last one has left", async () => {
  const shared = cohort();
  const one = member();
  await replayAndJoin(one, shared.of, null);
  await insertEvents(database, projectId, 3);
  feed.committed();
  await expect.poll(() => ids(one).length).toBe(3);
  shared.of.leave(one);
  expect(shared.emptied()).toBe(1);
  await insertEvents(database, projectId, 2);
  feed.committed();
  await sleep(300);
  expect(ids(one)).toHaveLength(3);
  const back = member();
  await replayAndJoin(back, cohort().of, one.frames.at(-1)?.cursor ?? null);
  expect([...ids(one), ...ids(back)]).toEqual(await loggedIds());
});

it("bookmarks every member: soon after events, and every few seconds when nothing happens", async () => {
  const shared = cohort();
  const members = Array.from({ length: 30 }, member);
  for (const one of members) await replayAndJoin(one, shared.of, null);
  await insertEvents(database, projectId, 1);
  feed.committed();
  const bookmarked = () => members.every((one) => ids(one).length === 1 && one.frames.at(-1)?.kind === "Bookmark");
  await expect.poll(bookmarked, { timeout: 2_500 }).toBe(true);
  const had = members.map((one) => one.frames.length);
  await expect
    .poll(() => members.every((one, at) => one.frames.length > (had[at] ?? 0)), { timeout: 11_000 })
    .toBe(true);
  for (const one of members) expect(one.frames.at(-1)).toMatchObject({ kind: "Bookmark", caughtUp: true });
});

it("ends its members, and keeps no more than so much, when rendering cannot keep up", async () => {
  const shared = cohort(() => new Promise(() => {}));
  const one = member();
  await replayAndJoin(one, shared.of, null);
  await insertEvents(database, projectId, 2_500);
  feed.committed();
  await expect.poll(() => one.ended).toBe("behind");
  expect(ids(one)).toEqual([]);
});

it("tells every member when the database is another one", async () => {
  const shared = cohort();
  const members = [member(), member()];
  for (const one of members) await replayAndJoin(one, shared.of, null);
  await database.query(sql`update installation set epoch = epoch + 1`);
  await database.query(sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'muster feed tail'
    and datname = current_database()`);
  await expect.poll(() => members.map((one) => one.ended), { timeout: 5_000 }).toEqual(["over", "over"]);
  for (const one of members)
    expect(one.frames.at(-1)).toMatchObject({ kind: "ResyncRequired", reason: "CURSOR_UNKNOWN" });
});
