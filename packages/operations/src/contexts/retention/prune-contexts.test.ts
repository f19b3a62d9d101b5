import { VersionHeld, VersionPruned } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../../test/fixtures.ts";
import { closeUnbroken, contentsOf, document, keptVersions, newContext, readAll } from "../../../test/pruning.ts";
import { updateWorkspace } from "../../projects/update-workspace.ts";
import type { Runtime } from "../../runtime.ts";
import { getContexts } from "../context-queries.ts";
import { forkContext } from "../fork-context.ts";
import { pinVersion, unpinVersion } from "./pin-version.ts";
import { pruneContext } from "./prune-context.ts";
import { pruneContexts } from "./prune-contexts.ts";
import { releaseVersion } from "../rollbacks/release-version.ts";
import { rollBackContext } from "../rollbacks/roll-back-context.ts";
import { getVersions } from "../versions/version-queries.ts";
import { hashOfVersion } from "../versions/version-hash.ts";
import { writeContext } from "../versions/write-context.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
beforeEach(() => fixture.database.query(sql`update contexts set keep_versions = null`));
afterAll(() => closeUnbroken(fixture));

const prune = () => pruneContexts(fixture.runtime);
const write = (contextId: string, value: number) =>
  writeContext(fixture.runtime, fixture.admin, { contextId, data: document(value) });
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const pruneEvents = (contextId: string) =>
  fixture.database.query<{ count: number; through: number }>(sql`
    select (payload->'count')::int as count, (payload->'through')::int as through from events
    where context_id = ${contextId} and type = 'context.versions_pruned' order by id`);
const prunedThrough = async (contextId: string) =>
  (await getContexts(fixture.runtime, fixture.admin, [contextId]))[0]?.prunedThrough;

describe("pruneContexts", () => {
  it("keeps the newest versions, pinned ones and those that a rollback went back to, and every record", async () => {
    const { runtime, admin, database } = fixture;
    const contextId = await newContext(fixture, 3, 20);
    await pinVersion(runtime, admin, { contextId, number: 4, name: "kept" });
    await rollBackContext(runtime, admin, { contextId, toVersion: 7, reason: "test" });
    await rollBackContext(runtime, admin, { contextId, toVersion: 10, reason: "test" });
    const keys = range(1, 22).map((number) => ({ contextId, number }));
    const before = await getVersions(runtime, admin, keys);
    await prune();
    expect(await keptVersions(fixture, contextId)).toEqual([4, 7, 10, 20, 21, 22]);
    const data = await readAll(fixture, contextId, 22);
    for (const number of range(1, 22)) {
      const value = number === 21 ? 7 : number === 22 ? 10 : number;
      const kept = [4, 7, 10, 20, 21, 22].includes(number);
      expect(data.get(number)).toEqual(kept ? document(value) : "VersionPruned");
    }
    const after = await getVersions(runtime, admin, keys);
    expect(after.map(({ prunedAt: _, ...record }) => record)).toEqual(
      before.map(({ prunedAt: _, ...record }) => record),
    );
    for (const version of after) expect(hashOfVersion(version)).toBe(version.hash);
    expect(await prunedThrough(contextId)).toBe(19);
    expect((await contentsOf(fixture, contextId)).map(({ first, base }) => [first, base])).toEqual([
      [4, null],
      [7, 4],
      [10, 7],
      [20, 10],
    ]);
    const events = await database.query(sql`
      select payload, actor_kind as kind, actor_name as name, subject_version as version from events
      where context_id = ${contextId} and type = 'context.versions_pruned'`);
    const payload = { count: 16, through: 19, shared: true };
    expect(events).toEqual([{ payload, kind: "SYSTEM", name: "context retention", version: 22 }]);
    await prune();
    expect(await keptVersions(fixture, contextId)).toHaveLength(6);
  });

  it("waits until there is enough to do, then does all of it", async () => {
    const contextId = await newContext(fixture, 2, 12);
    await prune();
    expect(await keptVersions(fixture, contextId)).toHaveLength(12);
    expect(await pruneContext(fixture.runtime, fixture.admin, contextId)).toBe(false);
    await write(contextId, 13);
    await prune();
    expect(await keptVersions(fixture, contextId)).toEqual([12, 13]);
    const long = await newContext(fixture, 200, 220);
    await prune();
    expect(await keptVersions(fixture, long)).toHaveLength(220);
    await write(long, 221);
    await prune();
    expect(await keptVersions(fixture, long)).toEqual(range(22, 221));
  });

  it("goes by the context's own limit, else by its workspace's, and keeps all without", async () => {
    const { runtime, admin, workspaceId } = fixture;
    const [own, other] = [await newContext(fixture, 5, 20), await newContext(fixture, null, 20)];
    await prune();
    expect(await keptVersions(fixture, own)).toEqual(range(16, 20));
    expect(await keptVersions(fixture, other)).toHaveLength(20);
    await updateWorkspace(runtime, admin, { workspaceId, keepContextVersions: 2 });
    for (const value of range(21, 40)) await write(own, value);
    await prune();
    expect(await keptVersions(fixture, own)).toEqual(range(36, 40));
    expect(await keptVersions(fixture, other)).toEqual([19, 20]);
    await updateWorkspace(runtime, admin, { workspaceId, keepContextVersions: null });
    for (const value of range(21, 40)) await write(other, value);
    await prune();
    expect(await keptVersions(fixture, other)).toEqual(range(19, 40));
  });

  it("keeps data that another version has, and stores what was removed when it is written again", async () => {
    const contextId = await newContext(fixture, 2);
    for (let round = 0; round < 8; round++) for (const value of [1, 2]) await write(contextId, value);
    await prune();
    expect(await keptVersions(fixture, contextId)).toEqual([15, 16]);
    expect(await contentsOf(fixture, contextId)).toHaveLength(2);
    for (const value of range(3, 20)) await write(contextId, value);
    await prune();
    await write(contextId, 2);
    const data = await readAll(fixture, contextId, 35);
    expect([data.get(35), data.get(2), data.get(16)]).toEqual([document(2), "VersionPruned", "VersionPruned"]);
  });

  it("leaves what is held held", async () => {
    const { runtime, admin } = fixture;
    const contextId = await newContext(fixture, 1, 3);
    await rollBackContext(runtime, admin, { contextId, toVersion: 1, reason: "test" });
    for (const value of range(11, 25)) await write(contextId, value);
    await prune();
    expect(await keptVersions(fixture, contextId)).toEqual([1, 19]);
    await expect(write(contextId, 2)).rejects.toThrow(VersionHeld);
    await releaseVersion(runtime, admin, { contextId, number: 2, reason: "test" });
    expect(await write(contextId, 2)).toMatchObject({ number: 20 });
  });

  it("refuses to go back to, to fork and to pin what it has removed", async () => {
    const { runtime, admin } = fixture;
    const contextId = await newContext(fixture, 1, 15);
    await prune();
    const number = 14;
    await expect(rollBackContext(runtime, admin, { contextId, toVersion: number, reason: "?" })).rejects.toThrow(
      VersionPruned,
    );
    await expect(forkContext(runtime, admin, { contextId, number, name: "fork" })).rejects.toThrow(VersionPruned);
    await expect(pinVersion(runtime, admin, { contextId, number, name: "pin" })).rejects.toThrow(VersionPruned);
  });

  it("judges a version again when it is no longer pinned", async () => {
    const { runtime, admin } = fixture;
    const contextId = await newContext(fixture, 1, 20);
    for (const name of ["one", "two"]) await pinVersion(runtime, admin, { contextId, number: 3, name });
    await pinVersion(runtime, admin, { contextId, number: 9, name: "other" });
    await prune();
    await unpinVersion(runtime, admin, { contextId, name: "one" });
    await prune();
    expect(await keptVersions(fixture, contextId)).toEqual([3, 9, 20]);
    await unpinVersion(runtime, admin, { contextId, name: "two" });
    await prune();
    expect(await keptVersions(fixture, contextId)).toEqual([9, 20]);
    expect(await prunedThrough(contextId)).toBe(19);
    expect((await pruneEvents(contextId)).map(({ count }) => count)).toEqual([17, 1]);
  });

  it("removes data that only pruned versions have, wherever they are", async () => {
    const { runtime, admin, database } = fixture;
    const contextId = await newContext(fixture, 1, 2);
    // 600 pinned versions, so that they are judged in two steps; after them one with the data of the first.
    await database.query(sql`
      insert into context_versions (context_id, number, parent, author, size_bytes, data_hash, hash)
      select context_id, n, n - 1, author, size_bytes,
        case when n = 601 then (select data_hash from context_versions where context_id = ${contextId} and number = 1) else data_hash end, hash
      from context_versions cross join generate_series(3, 700) n where context_id = ${contextId} and number = 2`);
    await database.query(sql`update contexts set current_version = 700 where id = ${contextId}`);
    await database.query(sql`
      insert into context_pins (context_id, name, number, author) select ${contextId}, n::text, n, '{}' from generate_series(1, 600) n`);
    await prune();
    expect(await contentsOf(fixture, contextId)).toHaveLength(2);
    await unpinVersion(runtime, admin, { contextId, name: "1" });
    await prune();
    expect(await contentsOf(fixture, contextId)).toHaveLength(1);
    expect((await pruneEvents(contextId)).map(({ count }) => count)).toEqual([99, 1]);
  });

  it("takes a long history in several steps, and many contexts one after the other", async () => {
    const { database } = fixture;
    const contextId = await newContext(fixture, 10, 5);
    await database.query(sql`
      insert into context_versions (context_id, number, parent, author, size_bytes, data_hash, hash)
      select context_id, number + 5 * round, number + 5 * round - 1, author, size_bytes, data_hash, hash
      from context_versions cross join generate_series(1, 400) round where context_id = ${contextId}`);
    await database.query(sql`update contexts set current_version = 2005 where id = ${contextId}`);
    const others: string[] = [];
    for (let at = 0; at < 5; at++) others.push(await newContext(fixture, 1, 14));
    await prune();
    expect(await keptVersions(fixture, contextId)).toEqual(range(1996, 2005));
    for (const other of others) expect(await keptVersions(fixture, other)).toEqual([14]);
    const counts = await pruneEvents(contextId);
    expect(counts).toEqual([500, 1000, 1500, 1995].map((through, at) => ({ count: at < 3 ? 500 : 495, through })));
  });

  it("goes on with the others when one context fails, and tells of it", async () => {
    const { runtime, database } = fixture;
    const contexts = [await newContext(fixture, 1, 15), await newContext(fixture, 1, 15)];
    let failed = false;
    const failing: Runtime = {
      ...runtime,
      database: {
        ...database,
        transaction(work) {
          if (failed) return database.transaction(work);
          failed = true;
          return Promise.reject(new Error("one fails"));
        },
      },
    };
    await expect(pruneContexts(failing)).rejects.toThrow("one fails");
    const kept = await Promise.all(contexts.map((contextId) => keptVersions(fixture, contextId)));
    expect(kept.map((numbers) => numbers.length).sort((a, b) => a - b)).toEqual([1, 15]);
  });
});
