import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  addPlace,
  createRetentionFixture,
  enforceUntilRemoved,
  insertOldEvents,
  settledPresent,
  type Place,
  type RetentionFixture,
} from "../test/retention-fixture.ts";
import { encodeCursor } from "./cursor.ts";
import { openFeed } from "./feed.ts";
import type { Frame } from "./frame.ts";
import { locateCursor, presentCursor, presentPosition } from "./locate.ts";
import { readBatch } from "./read-batch.ts";
import { EventsRemoved } from "./retention-bound.ts";
import { subscribe } from "./subscribe.ts";
import { Tail } from "./tail.ts";

// Transactions of other tests on the same server are waited for.
vi.setConfig({ testTimeout: 90_000 });

let fixture: RetentionFixture;
let short: Place;
let long: Place;
beforeEach(async () => {
  fixture = await createRetentionFixture();
  [short, long] = [await addPlace(fixture.database, 7), await addPlace(fixture.database)];
});
afterEach(() => fixture.close());

async function fill(): Promise<void> {
  for (const place of [short, long]) await insertOldEvents(fixture.database, place, 3_500, 10);
  for (const place of [short, long]) await insertOldEvents(fixture.database, place, 1_000, 0);
}

it("ends the cursors of that workspace's feeds only, and of those only the ones from before", async () => {
  const { database } = fixture;
  const early = await presentCursor(database);
  await fill();
  const { installation, position } = await settledPresent(database);
  const late = encodeCursor(installation, position.snapshot);
  await database.query(sql`select pg_current_xact_id()`);
  await enforceUntilRemoved(fixture.retention());
  expect(await locateCursor(database, early, { projectId: short.projectId })).toMatchObject({
    reason: "CURSOR_EXPIRED",
  });
  expect(await locateCursor(database, early)).toMatchObject({ reason: "CURSOR_EXPIRED" });
  expect(await locateCursor(database, early, { projectId: long.projectId })).toHaveProperty("position");
  expect(await locateCursor(database, late, { projectId: short.projectId })).toHaveProperty("position");
});

it("tells a replay that it has overtaken, and does not let it go on with holes", async () => {
  const { database, url } = fixture;
  const sizes = { page: 100, lookUp: 50, window: 100_000 };
  const start = (await presentPosition(database)).position;
  await fill();
  const options = { sizes, place: { projectId: short.projectId } };
  const inPage = (await readBatch(database, start, options)).position;
  const other = (await readBatch(database, start, { sizes, place: { projectId: long.projectId } })).position;
  const present = await settledPresent(database);

  const errors: Error[] = [];
  const feed = await openFeed({ url, sizes, onError: (error) => errors.push(error) });
  await expect.poll(() => feed.tail.position.snapshot.running.length, { timeout: 30_000 }).toBe(0);
  const after = encodeCursor(present.installation, start.snapshot);
  const replay = subscribe(feed, { place: { projectId: short.projectId }, after });
  const live = subscribe(feed, { place: { projectId: short.projectId } });
  const taken: Frame[] = [(await replay.next()).value as Frame];
  expect(taken[0]?.kind).toBe("EventDelivery");

  await enforceUntilRemoved(fixture.retention());
  await expect(readBatch(database, inPage, options)).rejects.toThrow(EventsRemoved);
  await expect(readBatch(database, start, options)).rejects.toThrow(EventsRemoved);
  await expect(readBatch(database, start, { sizes })).rejects.toThrow(EventsRemoved);
  expect((await readBatch(database, other, { sizes, place: { projectId: long.projectId } })).events).toHaveLength(100);
  expect((await readBatch(database, present.position, options)).complete).toBe(true);

  for await (const frame of replay) taken.push(frame);
  expect(taken.at(-1)).toMatchObject({ kind: "ResyncRequired", reason: "CURSOR_EXPIRED" });
  expect(taken.length).toBeLessThan(1_000);
  const again = subscribe(feed, { place: { projectId: short.projectId }, after: (taken.at(-1) as Frame).cursor });
  expect((await again.next()).value).toMatchObject({ kind: "Bookmark" });
  await insertOldEvents(database, short, 1, 0);
  feed.committed();
  for await (const frame of live)
    if (frame.kind !== "Bookmark") {
      expect(frame.kind).toBe("EventDelivery");
      break;
    }
  await feed.close();
  expect(errors).toEqual([]);
});

it("ends the subscribers of a tail that was asleep for longer than events are kept", async () => {
  const { database } = fixture;
  const stale = await presentPosition(database);
  await fill();
  await enforceUntilRemoved(fixture.retention());
  const sizes = { page: 100, lookUp: 50, window: 100_000 };
  const tail = new Tail(stale, { database, sizes, onError: () => {} });
  const lost = new Promise<[cursor: string, reason: string]>((resolve) => {
    const nothing = () => {};
    tail.add({
      place: { projectId: short.projectId },
      topics: null,
      page: nothing,
      complete: nothing,
      idle: nothing,
      lost: (cursor, reason) => resolve([cursor, reason]),
    });
  });
  const [cursor, reason] = await lost;
  expect(reason).toBe("CURSOR_EXPIRED");
  expect(await locateCursor(database, cursor, { projectId: short.projectId })).toHaveProperty("position");
  await tail.close();
});
