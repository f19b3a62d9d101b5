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
  type RetentionFixture,
} from "../test/retention-fixture.ts";
import { cursorFrom } from "./cursor-at-time.ts";
import { createRetention, type Removal, type Retention, type RetentionOptions } from "./retention.ts";
import { firstUnsealedId } from "./sealed-position.ts";

// Transactions of other tests on the same server are waited for.
vi.setConfig({ testTimeout: 90_000 });

let fixture: RetentionFixture;
let opened: Retention[];
beforeEach(async () => {
  fixture = await createRetentionFixture();
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map((retention) => retention.close()));
  await fixture.close();
});

/** Unlike the fixture's it takes nothing for sealed that is not. */
function strictRetention(options: Partial<RetentionOptions> = {}): Retention {
  const made = createRetention({ url: fixture.url, days: null, archiveDir: null, ...options });
  opened.push(made);
  return made;
}

it("leaves alone what no audit chain holds, however old it is", async () => {
  const { database } = fixture;
  const place = await addPlace(database, 7);
  await insertOldEvents(database, place, 300, 10);
  await settledPresent(database);
  expect(await strictRetention().enforce()).toMatchObject({ deletedEvents: 0 });
  await markSealed(database);
  await insertOldEvents(database, place, 200, 10);
  await settledPresent(database);
  expect(await firstUnsealedId(database)).toBe(301n);
  const removals: Removal[] = [];
  const beforeRemoval = async (removal: Removal) => void removals.push(removal);
  expect(await enforceUntilRemoved(strictRetention({ beforeRemoval }))).toMatchObject({ deletedEvents: 300 });
  expect(removals).toEqual([{ workspaceIds: [place.workspaceId], before: 301n }]);
  expect(await countEvents(database, place)).toBe(200);
});

it("drops only partitions that are sealed as a whole", async () => {
  const { database } = fixture;
  const place = await addPlace(database);
  await insertOldEvents(database, place, 2_500, 10);
  await settledPresent(database);
  await markSealed(database);
  await insertOldEvents(database, place, 2_500, 10);
  await insertOldEvents(database, place, 100, 0);
  await settledPresent(database);
  const removals: Removal[] = [];
  const beforeRemoval = async (removal: Removal) => void removals.push(removal);
  expect(await enforceUntilRemoved(strictRetention({ days: 7, beforeRemoval }))).toMatchObject({
    droppedPartitions: ["events_0", "events_1000"],
  });
  expect(removals).toEqual([{ workspaceIds: null, before: 2_000n }]);
  expect(await attached(database)).toContain("events_2000");
});

it("removes nothing when the removal cannot be signed", async () => {
  const { database } = fixture;
  const place = await addPlace(database, 7);
  await insertOldEvents(database, place, 50, 10);
  await settledPresent(database);
  await markSealed(database);
  const beforeRemoval = async () => {
    throw new Error("the key is away");
  };
  await expect(enforceUntilRemoved(strictRetention({ beforeRemoval }))).rejects.toThrow("the key is away");
  expect(await countEvents(database, place)).toBe(50);
  const [row] = await database.query(sql`select max(events_retained_from_id)::int as bound from workspaces`);
  expect(row).toEqual({ bound: 0 });
});

it("knows in the middle of a backlog how far the sealer has got", async () => {
  const { database } = fixture;
  const place = await addPlace(database, 7);
  await insertOldEvents(database, place, 50, 10);
  const { installation, position } = await settledPresent(database);
  const middle = cursorFrom(installation, position.snapshot, "20");
  await database.query(sql`update audit_sealer set cursor = ${middle}`);
  expect(await firstUnsealedId(database)).toBe(21n);
  // An event with a low id that came after the walk had passed.
  await database.query(sql`update events set xid = pg_current_xact_id() where id = 7`);
  expect(await firstUnsealedId(database)).toBe(7n);
  await database.query(sql`update audit_sealer set cursor = 'of another database'`);
  expect(await firstUnsealedId(database)).toBe(0n);
});
