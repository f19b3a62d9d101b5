import { type Database, openDatabase } from "@muster/database/database.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Feed, openFeed } from "./feed.ts";
import type { Frame } from "./frame.ts";
import { subscribe } from "./subscribe.ts";
import { insertEvents } from "../test/insert-events.ts";
import { atEnd, read, recorded } from "../test/readers.ts";

let database: Database;
let feed: Feed;
let projectId: string;
let errors: Error[];
let cleanUp: (() => Promise<unknown>)[];

beforeEach(async () => {
  const { url, drop } = await createTestDatabase();
  [projectId, errors] = [randomUUID(), []];
  database = openDatabase({ url, connections: 4, onError: () => {} });
  feed = await openFeed({ url, onError: (error) => errors.push(error) });
  cleanUp = [() => feed.close(), () => database.close(), drop];
});
afterEach(async () => {
  for (const step of cleanUp) await step();
});

async function next(subscription: AsyncIterator<Frame>): Promise<Frame> {
  const { value } = (await subscription.next()) as IteratorYieldResult<Frame>;
  return recorded(value);
}

async function append(count = 1, type?: string): Promise<void> {
  await insertEvents(database, projectId, count, type);
  feed.committed();
}

it("delivers live what the filter lets through, of its project only, and closes each batch with a bookmark", async () => {
  const subscription = subscribe(feed, { place: { projectId }, filter: { types: ["a.wanted"] } });
  expect(await next(subscription)).toMatchObject({ kind: "Bookmark", caughtUp: true });
  await insertEvents(database, randomUUID(), 1, "a.wanted");
  await append(1, "an.other");
  await append(2, "a.wanted");
  const frames = [await next(subscription), await next(subscription), await next(subscription)];
  expect(frames.map((frame) => frame.kind)).toEqual(["EventDelivery", "EventDelivery", "Bookmark"]);
  expect(frames[0]).toMatchObject({ event: { type: "a.wanted", projectId } });
});

it("hands the same object to every live subscriber, so that work on it can be shared", async () => {
  const [one, other] = [subscribe(feed, { place: { projectId } }), subscribe(feed, { place: { projectId } })];
  await Promise.all([one.next(), other.next()]);
  const pair = Promise.all([one.next(), other.next()]);
  await append();
  const [first, second] = await pair;
  expect(first.value).toBe(second.value);
});

it("ends a slow subscriber with the cursor from which it misses nothing, and delays nobody else", async () => {
  const start = await feed.presentCursor();
  const [slow, quick] = [subscribe(feed, { place: { projectId } }), subscribe(feed, { place: { projectId } })];
  await slow.next();
  let taken = 0;
  const counting = (async () => {
    for await (const frame of quick) {
      if (frame.kind === "EventDelivery") taken += 1;
      if (taken === 3_000) return;
    }
  })();
  await append(1);
  const first = await next(slow);
  for (let part = 0; part < 12; part += 1) await append(250).then(() => sleep(10));
  await append(1);
  await counting;
  const resync = await next(slow);
  expect(resync).toEqual({ kind: "ResyncRequired", cursor: first.cursor, reason: "SLOW_CONSUMER" });
  expect(await slow.next()).toEqual({ done: true, value: undefined });
  const rest = await read(feed, projectId, resync.cursor, atEnd);
  expect(rest.filter((frame) => frame.kind === "EventDelivery")).toHaveLength(3_001);
  expect((await read(feed, projectId, start, atEnd)).filter((frame) => frame.kind === "EventDelivery")).toHaveLength(
    3_002,
  );
});

it("reads nothing for a subscriber that catches up and does not ask", async () => {
  const start = await feed.presentCursor();
  await append(5_000);
  const subscription = subscribe(feed, { place: { projectId }, after: start });
  await next(subscription);
  await append(5_000);
  await sleep(300);
  let delivered = 1;
  for await (const frame of subscription) {
    expect(frame.kind).not.toBe("ResyncRequired");
    if (frame.kind === "EventDelivery") delivered += 1;
    if (frame.kind === "Bookmark" && delivered >= 10_000) break;
  }
  expect(delivered).toBe(10_000);
});

it("ends at once when it is returned, also while a frame is awaited or the database is asked", async () => {
  const live = subscribe(feed, { place: { projectId } });
  await live.next();
  const awaited = live.next();
  await live.return?.();
  expect(await awaited).toEqual({ done: true, value: undefined });

  const asking = subscribe(feed, { place: { projectId }, after: await feed.presentCursor() });
  const asked = asking.next();
  await asking.return?.();
  expect(await asked).toEqual({ done: true, value: undefined });
  expect(feed.subscriptions.size).toBe(0);
});

it("bookmarks an idle feed every few seconds, and each is good to continue from", async () => {
  const subscription = subscribe(feed, { place: { projectId } });
  const first = await next(subscription);
  const begun = performance.now();
  const idle = await next(subscription);
  expect(idle).toMatchObject({ kind: "Bookmark", caughtUp: true });
  expect(performance.now() - begun).toBeLessThan(8_000);
  await append();
  for (const { cursor } of [first, idle]) {
    const frames = await read(feed, projectId, cursor, atEnd);
    expect(frames.filter((frame) => frame.kind === "EventDelivery")).toHaveLength(1);
  }
});

it("survives the death of every backend of the feed, and loses nothing", async () => {
  const live = subscribe(feed, { place: { projectId } });
  await live.next();
  const kill = () =>
    database.query(sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name in ('muster feed', 'muster feed tail', 'muster wake-ups')`);
  for (let round = 0; round < 3; round += 1) {
    await kill();
    await append(2);
    const frames: Frame[] = [];
    while (frames.at(-1)?.kind !== "Bookmark" || frames.length < 3) frames.push(await next(live));
    expect(frames.filter((frame) => frame.kind === "EventDelivery")).toHaveLength(2);
  }
  expect(errors.length).toBeGreaterThan(0);
});

it("tells its subscribers when the database is another one after an outage", async () => {
  const live = subscribe(feed, { place: { projectId } });
  await live.next();
  await database.query(sql`update installation set epoch = epoch + 1`);
  await database.query(sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'muster feed tail'
    and datname = current_database()`);
  const resync = await next(live);
  expect(resync).toMatchObject({ kind: "ResyncRequired", reason: "CURSOR_UNKNOWN" });
  await append();
  const frames = await read(feed, projectId, resync.cursor, (taken) =>
    taken.some((frame) => frame.kind === "EventDelivery"),
  );
  expect(frames.at(-1)).toMatchObject({ kind: "EventDelivery" });
});

it("is woken by other replicas, and finds out by itself when nobody wakes it", async () => {
  const replica = await openFeed({ url: database.url, onError: () => {} });
  cleanUp.unshift(() => replica.close());
  const subscription = subscribe(feed, { place: { projectId } });
  await next(subscription);
  const delays: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    await sleep(50);
    await insertEvents(database, projectId);
    const begun = performance.now();
    replica.committed();
    await next(subscription);
    delays.push(performance.now() - begun);
    await next(subscription);
  }
  expect(Math.min(...delays)).toBeLessThan(200);
  const begun = performance.now();
  await insertEvents(database, projectId);
  expect(await next(subscription)).toMatchObject({ kind: "EventDelivery" });
  expect(performance.now() - begun).toBeLessThan(2_500);
});

it("hints at the events of one project or of all", async () => {
  const [mine, all]: [string[], string[]] = [[], []];
  const stop = feed.onEvents(projectId, (events) => mine.push(...events.map((event) => event.type)));
  feed.onEvents(null, () => {
    throw new Error("a listener that fails");
  });
  feed.onEvents(null, (events) => all.push(...events.map((event) => event.type)));
  await insertEvents(database, randomUUID(), 1, "of.another");
  await append(1, "of.mine");
  await expect.poll(() => all).toEqual(["of.another", "of.mine"]);
  expect(mine).toEqual(["of.mine"]);
  stop();
  await append(1, "of.mine");
  await expect.poll(() => all).toHaveLength(3);
  expect(mine).toHaveLength(1);
  expect(errors.map((error) => error.message)).toContain("a listener that fails");
});
