import { Conflict, InvalidInput, NotFound, RollbackPending, VersionHeld } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { sql } from "drizzle-orm";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFixture, type Fixture, only } from "../../../test/fixtures.ts";
import { newId } from "../../new-id.ts";
import { getContexts } from "../context-queries.ts";
import { openContext } from "../open-context.ts";
import { releaseVersion } from "../rollbacks/release-version.ts";
import { rollBackContext } from "../rollbacks/roll-back-context.ts";
import { listVersions } from "./version-list.ts";
import { getVersionData, getVersions } from "./version-queries.ts";
import type { ContextVersion } from "./version-row.ts";
import { writeContext } from "./write-context.ts";
import type { WriteContextInput } from "./write-request.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({ maxJsonBytes: 100_000 });
});
afterAll(() => fixture.close());

async function newContext(): Promise<string> {
  const { runtime, admin, projectId } = fixture;
  return (await openContext(runtime, admin, { projectId, name: newId() })).id;
}

const write = (contextId: string, input: Omit<WriteContextInput, "contextId">) =>
  writeContext(fixture.runtime, fixture.admin, { contextId, ...input });
const rollBack = (contextId: string, toVersion: number) =>
  rollBackContext(fixture.runtime, fixture.admin, { contextId, toVersion, reason: "it was wrong" });

async function currentData(contextId: string): Promise<Json | undefined> {
  const [context] = await getContexts(fixture.runtime, fixture.admin, [contextId]);
  const [found] = await getVersionData(fixture.runtime, fixture.admin, [
    { contextId, number: context?.currentVersion ?? 0 },
  ]);
  return found?.data;
}

/** Results by name: how many were fulfilled, and what the others were refused with. */
async function outcomes(attempts: Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const result of await Promise.allSettled(attempts)) {
    const name = result.status === "fulfilled" ? "done" : String((result.reason as Error).name);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe("writeContext", () => {
  it("appends a version with its event", async () => {
    const contextId = await newContext();
    const one = await write(contextId, { data: { b: 1, a: [null, "ä"] }, message: "first" });
    const two = await write(contextId, { patch: [{ op: "add", path: "/c", value: null }] });
    expect(one).toMatchObject({
      number: 1,
      parent: null,
      parentHash: null,
      rolledBackTo: null,
      message: "first",
      sizeBytes: 23,
    });
    expect(one.author).toEqual({ kind: "API_KEY", id: fixture.admin.actor.id, name: "admin" });
    expect(two).toMatchObject({ number: 2, parent: 1, parentHash: one.hash, message: null });
    expect(await currentData(contextId)).toEqual({ b: 1, a: [null, "ä"], c: null });
    const events = await fixture.database.query(sql`
      select subject_version, payload - 'shared' as payload from events where context_id = ${contextId} and type = 'context.version_written' order by id`);
    expect(events).toEqual(
      [one, two].map(({ number, parent, hash, dataHash, message, sizeBytes }) => ({
        subject_version: number,
        payload: { number, parent, rolledBackTo: null, hash, dataHash, message, sizeBytes },
      })),
    );
  });

  it("starts patches from {}", async () => {
    const contextId = await newContext();
    await write(contextId, { patch: [{ op: "add", path: "/a", value: 1 }] });
    expect(await currentData(contextId)).toEqual({ a: 1 });
  });

  it("lets one of the writers that expect the same version win", async () => {
    const contextId = await newContext();
    await write(contextId, { data: { count: 0 } });
    const attempts = Array.from({ length: 10 }, (_, at) =>
      at % 2 === 0
        ? write(contextId, { data: { count: at }, expectedVersion: 1 })
        : write(contextId, { patch: [{ op: "replace", path: "/count", value: at }], expectedVersion: 1 }),
    );
    expect(await outcomes(attempts)).toEqual({ done: 1, Conflict: 9 });
    await expect(write(contextId, { data: {}, expectedVersion: 1 })).rejects.toMatchObject({
      expected: "1",
      actual: "2",
    });
  });

  it("loses nothing of concurrent patches and data", async () => {
    const contextId = await newContext();
    const patches = Array.from({ length: 8 }, async (_, writer) => {
      for (let step = 0; step < 5; step++)
        await write(contextId, { patch: [{ op: "add", path: `/w${writer}s${step}`, value: step }] });
    });
    await Promise.all(patches);
    expect(Object.keys((await currentData(contextId)) as object)).toHaveLength(40);
    const all = await Promise.all(Array.from({ length: 12 }, (_, at) => write(contextId, { data: { at } })));
    expect(all.map((version) => version.number).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, at) => 41 + at),
    );
    const versions = await getVersions(
      fixture.runtime,
      fixture.admin,
      Array.from({ length: 52 }, (_, at) => ({ contextId, number: at + 1 })),
    );
    expect(versions.every((version) => (version.parent ?? 0) === version.number - 1)).toBe(true);
  });

  it("builds on the version that it had to wait for", async () => {
    const { runtime, admin, database } = fixture;
    const contextId = await newContext();
    const first = await write(contextId, { data: 1 });
    const waiting: Promise<ContextVersion>[] = [];
    const second = await database.transaction(async (transaction) => {
      const within = { ...runtime, database: { ...database, ...transaction } };
      const written = await writeContext(within, admin, { contextId, data: 2 });
      waiting.push(write(contextId, { data: 3 }), write(contextId, { patch: [{ op: "replace", path: "", value: 4 }] }));
      await sleep(200);
      return written;
    });
    const [third, fourth] = (await Promise.all(waiting)).toSorted((one, other) => one.number - other.number);
    expect([first.hash, second.hash, third?.hash]).toEqual([second.parentHash, third?.parentHash, fourth?.parentHash]);
  });

  it("answers a repeated idempotency key with the version written first", async () => {
    const contextId = await newContext();
    const once = {
      patch: [
        { op: "test", path: "", value: {} },
        { op: "add", path: "/a", value: 1 },
      ],
      idempotencyKey: "k",
    } as const;
    const all = await Promise.all(Array.from({ length: 8 }, () => write(contextId, once)));
    const data = await Promise.all(
      Array.from({ length: 8 }, () => write(contextId, { data: { b: 1 }, expectedVersion: 1, idempotencyKey: "l" })),
    );
    expect(new Set(all.map((version) => version.number))).toEqual(new Set([1]));
    expect(new Set(data.map((version) => version.number))).toEqual(new Set([2]));
    expect((await write(contextId, { data: { c: 1 }, expectedVersion: 9, idempotencyKey: "k" })).number).toBe(1);
  });

  it("takes a patch for the version that it was made for", async () => {
    const contextId = await newContext();
    for (const list of [[1], [1, 2]]) await write(contextId, { data: { list } });
    const patch = [{ op: "remove", path: "/list/0" }];
    await expect(write(contextId, { patch, baseVersion: 1 })).rejects.toThrow(Conflict);
    await expect(write(contextId, { patch, baseVersion: 3 })).rejects.toThrow(Conflict);
    await expect(write(contextId, { data: {}, baseVersion: 3 })).rejects.toThrow(InvalidInput);
    await write(contextId, { patch, baseVersion: 2 });
    await write(contextId, { data: { list: [3] }, baseVersion: 1 });
    expect(await currentData(contextId)).toEqual({ list: [3] });
  });

  it("refuses writes based on what a rollback undid, and data that it skipped", async () => {
    const contextId = await newContext();
    for (const value of ["good", "bad", "good", "worse"]) await write(contextId, { data: { value } });
    await rollBack(contextId, 1);
    await expect(write(contextId, { data: { value: "new" }, baseVersion: 4 })).rejects.toMatchObject({
      name: "RollbackPending",
      rolledBackTo: 1,
    });
    await expect(write(contextId, { patch: [{ op: "add", path: "/more", value: 1 }], baseVersion: 4 })).rejects.toThrow(
      RollbackPending,
    );
    await expect(write(contextId, { data: { value: "new" }, baseVersion: 4, expectedVersion: 4 })).rejects.toThrow(
      RollbackPending,
    );
    await expect(write(contextId, { data: { value: "bad" } })).rejects.toMatchObject({
      name: "VersionHeld",
      version: 2,
    });
    await expect(write(contextId, { patch: [{ op: "replace", path: "/value", value: "worse" }] })).rejects.toThrow(
      VersionHeld,
    );
    expect((await write(contextId, { data: { value: "good" }, baseVersion: 5 })).number).toBe(6);
    const held = await only(listVersions(fixture.runtime, fixture.admin, [contextId], { heldOnly: true }, {}));
    expect(held.edges.map((edge) => edge.node.number)).toEqual([4, 2]);

    const released = await releaseVersion(fixture.runtime, fixture.admin, {
      contextId,
      number: 2,
      reason: "it was right",
    });
    expect(released.heldSince).toBeNull();
    expect((await write(contextId, { data: { value: "bad" } })).number).toBe(7);
    await releaseVersion(fixture.runtime, fixture.admin, { contextId, number: 2, reason: "again" });
    const events = await fixture.database.query(
      sql`select payload - 'shared' as payload, reason, subject_version from events where context_id = ${contextId} and type = 'context.version_released'`,
    );
    expect(events).toEqual([{ payload: { numbers: [2] }, reason: "it was right", subject_version: 6 }]);
    await expect(
      releaseVersion(fixture.runtime, fixture.admin, { contextId, number: 99, reason: "?" }),
    ).rejects.toThrow(NotFound);
  });

  it("refuses hostile and malformed input before anything is written", async () => {
    const contextId = await newContext();
    let deep: Json = 1;
    for (let level = 0; level < 10_000; level++) deep = [deep];
    const polluted = JSON.parse('{"__proto__": {"polluted": true}}') as Json;
    const hostile: Json[] = [
      "a\0b",
      { "a\0b": 1 },
      "\ud800",
      { a: ["\udfff"] },
      polluted,
      deep,
      "x".repeat(5_000_000),
      2 ** 60,
      Number.NaN,
    ];
    for (const data of hostile) {
      await expect(write(contextId, { data })).rejects.toThrow(InvalidInput);
      await expect(write(contextId, { patch: [{ op: "add", path: "/a", value: data }] })).rejects.toThrow(InvalidInput);
    }
    const malformed: Omit<WriteContextInput, "contextId">[] = [
      {},
      { data: null },
      { patch: null },
      { patch: [] },
      { data: {}, patch: [{ op: "add", path: "/a", value: 1 }] },
      { patch: [{ op: "add", path: "/__proto__", value: 1 }] },
      { patch: [{ op: "add", path: "/a\0", value: 1 }] },
      { patch: [{ op: "add", path: "/\ud800", value: 1 }] },
      { patch: [{ op: "remove", path: "" }] },
      { patch: Array.from({ length: 2000 }, () => ({ op: "add", path: "/a", value: 1 })) },
      { data: {}, message: "a\0" },
      { data: {}, idempotencyKey: "" },
      { data: {}, baseVersion: -1 },
      { data: {}, expectedVersion: 1.5 },
      { data: {}, expectedVersion: 2 ** 40 },
    ];
    for (const input of malformed) await expect(write(contextId, input)).rejects.toThrow(InvalidInput);
    await expect(write("no id", { data: {} })).rejects.toThrow(InvalidInput);
    await expect(write(newId(), { data: {} })).rejects.toThrow(NotFound);
    await expect(write(newId(), { patch: [{ op: "add", path: "/a", value: 1 }] })).rejects.toThrow(NotFound);
    expect((await getContexts(fixture.runtime, fixture.admin, [contextId]))[0]?.currentVersion).toBe(0);
  });

  it("bounds what patches make: each is small, together they are not", async () => {
    const contextId = await newContext();
    await write(contextId, { data: { a: "x".repeat(60_000) } });
    await expect(write(contextId, { patch: [{ op: "copy", from: "/a", path: "/b" }] })).rejects.toThrow(InvalidInput);
    await expect(write(contextId, { patch: [{ op: "add", path: "/b", value: "x".repeat(60_000) }] })).rejects.toThrow(
      InvalidInput,
    );
    let value: Json = 1;
    for (let level = 0; level < 99; level++) value = [value];
    await write(contextId, { data: { a: value } });
    await expect(
      write(contextId, {
        patch: [
          { op: "add", path: "/b", value: [value] },
          { op: "move", from: "/a", path: "/b/1" },
        ],
      }),
    ).rejects.toThrow(InvalidInput);
    await expect(
      write(contextId, {
        patch: [
          { op: "add", path: "/b", value: {} },
          { op: "copy", from: "/a", path: "/b/c" },
        ],
      }),
    ).rejects.toThrow(InvalidInput);
  });
});
