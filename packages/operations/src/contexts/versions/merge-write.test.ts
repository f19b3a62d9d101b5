import {
  Conflict,
  InvalidInput,
  NotFound,
  RollbackPending,
  VersionHeld,
  VersionPruned,
  VersionTampered,
} from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, createFixture, type Fixture } from "../../../test/fixtures.ts";
import { newId } from "../../new-id.ts";
import { pendingContextChanges } from "../inbox-queries.ts";
import { openContext } from "../open-context.ts";
import { getReaders } from "../reader-queries.ts";
import { rollBackContext } from "../rollbacks/roll-back-context.ts";
import { getVersionData } from "./version-queries.ts";
import { updateContext } from "../update-context.ts";
import { writeContext } from "./write-context.ts";
import type { WriteContextInput } from "./write-request.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({ maxJsonBytes: 10_000 });
});
afterAll(() => fixture.close());

type Content = Omit<WriteContextInput, "contextId">;
const write = (contextId: string, input: Content) =>
  writeContext(fixture.runtime, fixture.admin, { contextId, ...input });

/** A context with these data as its first versions. */
async function contextOf(...versions: Json[]): Promise<string> {
  const { runtime, admin, projectId } = fixture;
  const { id } = await openContext(runtime, admin, { projectId, name: newId() });
  for (const data of versions) await write(id, { data });
  return id;
}

async function dataOf(contextId: string, number: number): Promise<Json | undefined> {
  return (await getVersionData(fixture.runtime, fixture.admin, [{ contextId, number }]))[0]?.data;
}

/** Writes, and gives the number, what it was merged from, and the data. */
async function written(contextId: string, input: Content) {
  const { number, parent, mergedFrom } = await write(contextId, input);
  expect(parent).toBe(number > 1 ? number - 1 : null);
  return [number, mergedFrom, await dataOf(contextId, number)];
}

describe("a merge patch", () => {
  it("changes the newest data, and removes what it says is null", async () => {
    const contextId = await contextOf();
    expect(await written(contextId, { mergePatch: { a: { b: 1, gone: null }, list: [1, null] } })).toEqual([
      1,
      null,
      { a: { b: 1 }, list: [1, null] },
    ]);
    expect(await written(contextId, { mergePatch: { a: { b: null, c: 2 } }, baseVersion: 1 })).toEqual([
      2,
      null,
      { a: { c: 2 }, list: [1, null] },
    ]);
    expect(await written(contextId, { mergePatch: ["whole"] })).toEqual([3, null, ["whole"]]);
    expect(await written(contextId, { mergePatch: { a: 1 }, expectedVersion: 3 })).toEqual([4, null, { a: 1 }]);
    await expect(write(contextId, { mergePatch: { a: 2 }, baseVersion: 3 })).rejects.toThrow(Conflict);
    await expect(write(contextId, { mergePatch: { a: 2 }, expectedVersion: 3 })).rejects.toThrow(Conflict);
  });

  it("is refused when it is hostile, too large or not the only one", async () => {
    const contextId = await contextOf({ a: "x".repeat(9_000) });
    const refused: Content[] = [
      { mergePatch: null },
      { mergePatch: { a: 1 }, data: {} },
      { mergePatch: { a: 1 }, patch: [{ op: "add", path: "/a", value: 1 }] },
      { mergePatch: JSON.parse('{"a": {"__proto__": {"b": 1}}}') as Json },
      { mergePatch: { a: "\0" } },
      { mergePatch: { "\ud800": 1 } },
      { mergePatch: { a: 2 ** 53 } },
      { mergePatch: { b: "x".repeat(2_000) } },
    ];
    for (const input of refused) await expect(write(contextId, input)).rejects.toThrow(InvalidInput);
    await expect(write(contextId, { mergePatch: { b: "x".repeat(2_000) } })).rejects.toMatchObject({
      issues: [{ path: ["mergePatch"] }],
    });
    expect(({} as { b?: number }).b).toBeUndefined();
  });
});

describe("a merge", () => {
  it("puts a change together with those since, however it is written", async () => {
    const base = { title: "Plan", owner: { name: "a", mail: "a@" }, steps: ["one", "two"] };
    const contextId = await contextOf(base, { ...base, title: "Plan B" });
    expect(await written(contextId, { data: { ...base, steps: ["one"] }, baseVersion: 1, merge: true })).toEqual([
      3,
      1,
      { ...base, title: "Plan B", steps: ["one"] },
    ]);
    const patch = [{ op: "replace", path: "/owner/name", value: "b" }];
    expect(await written(contextId, { patch, baseVersion: 1, merge: true })).toEqual([
      4,
      1,
      { title: "Plan B", owner: { name: "b", mail: "a@" }, steps: ["one"] },
    ]);
    expect(await written(contextId, { mergePatch: { owner: { mail: null } }, baseVersion: 2, merge: true })).toEqual([
      5,
      2,
      { title: "Plan B", owner: { name: "b" }, steps: ["one"] },
    ]);
  });

  it("is a plain write where nobody has written since", async () => {
    const contextId = await contextOf({ a: 1 });
    expect(await written(contextId, { data: { b: 1 }, baseVersion: 1, merge: true })).toEqual([2, null, { b: 1 }]);
    expect(await written(contextId, { mergePatch: { c: 1 }, baseVersion: 2, merge: true })).toEqual([
      3,
      null,
      { b: 1, c: 1 },
    ]);
  });

  it("starts from {} where the writer had read nothing", async () => {
    const contextId = await contextOf({ a: 1 });
    expect(await written(contextId, { data: { b: 1 }, baseVersion: 0, merge: true })).toEqual([2, 0, { a: 1, b: 1 }]);
    await expect(write(contextId, { data: { a: 2 }, baseVersion: 0, merge: true })).rejects.toMatchObject({
      context: { paths: ["/a"] },
    });
  });

  it("writes the newest data again where both have made the same changes", async () => {
    const contextId = await contextOf({ a: 1 }, { a: 2 }, { a: 2, b: 1 });
    expect(await written(contextId, { data: { a: 2 }, baseVersion: 1, merge: true })).toEqual([4, 1, { a: 2, b: 1 }]);
    expect(await written(contextId, { data: { a: 1 }, baseVersion: 1, merge: true })).toEqual([5, 1, { a: 2, b: 1 }]);
  });

  it("names the paths where the changes touch, and writes nothing", async () => {
    const contextId = await contextOf({ a: { b: 1 }, l: [1] }, { a: { b: 2 }, l: [1, 2] });
    const input = { data: { a: { b: 3 }, l: [1, 3], c: 1 }, baseVersion: 1, merge: true };
    const refusal = await write(contextId, input).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Conflict);
    expect(refusal).toMatchObject({
      expected: "1",
      actual: "2",
      context: { contextId, expectedVersion: 1, currentVersion: 2, paths: ["/a/b", "/l"] },
      message: expect.stringContaining("/a/b, /l") as string,
    });
    const [row] = await fixture.database.query<{ newest: number }>(
      sql`select current_version as newest from contexts where id = ${contextId}`,
    );
    expect(row?.newest).toBe(2);
  });

  it("needs to know what was read, and keeps to the version that it expects", async () => {
    const contextId = await contextOf({ a: 1 }, { a: 1, b: 1 });
    await expect(write(contextId, { data: { a: 2 }, merge: true })).rejects.toMatchObject({
      issues: [{ path: ["baseVersion"] }],
    });
    await expect(write(contextId, { data: {}, merge: true, baseVersion: 3 })).rejects.toThrow(InvalidInput);
    await expect(write(contextId, { data: { a: 2 }, merge: true, baseVersion: 1, expectedVersion: 1 })).rejects.toThrow(
      Conflict,
    );
    expect(await written(contextId, { data: { a: 2 }, merge: true, baseVersion: 1, expectedVersion: 2 })).toEqual([
      3,
      1,
      { a: 2, b: 1 },
    ]);
  });

  it("does not bring back what a rollback undid", async () => {
    const contextId = await contextOf({ a: 1 }, { a: 1, bad: 1 });
    await rollBackContext(fixture.runtime, fixture.admin, { contextId, toVersion: 1, reason: "bad" });
    await expect(write(contextId, { data: { a: 2 }, baseVersion: 2, merge: true })).rejects.toThrow(RollbackPending);
    await write(contextId, { data: { a: 1, b: 1 }, baseVersion: 3 });
    await expect(
      write(contextId, { patch: [{ op: "add", path: "/bad", value: 1 }], baseVersion: 3, merge: true }),
    ).resolves.toMatchObject({ mergedFrom: 3 });
    // What is written is what counts, not what the writer would have written.
    expect(await written(contextId, { data: { a: 1, bad: 1 }, baseVersion: 3, merge: true })).toEqual([
      6,
      3,
      { a: 1, b: 1, bad: 1 },
    ]);
    await write(contextId, { data: { a: 1 } });
    await expect(
      write(contextId, { patch: [{ op: "add", path: "/bad", value: 1 }], baseVersion: 3, merge: true }),
    ).rejects.toThrow(VersionHeld);
  });

  it("needs both versions as they were written", async () => {
    const { database } = fixture;
    const contextId = await contextOf({ a: 1 }, { a: 1, b: 1 }, { a: 1, b: 2 });
    await database.query(
      sql`update context_versions set pruned_at = clock_timestamp() where context_id = ${contextId} and number = 1`,
    );
    await expect(write(contextId, { data: { a: 2 }, baseVersion: 1, merge: true })).rejects.toThrow(VersionPruned);
    await database.query(
      sql`update context_versions set message = 'forged' where context_id = ${contextId} and number = 2`,
    );
    await expect(write(contextId, { data: { a: 2 }, baseVersion: 2, merge: true })).rejects.toThrow(VersionTampered);
    const other = await contextOf({ a: 1 }, { a: 1, b: 1 });
    await database.query(
      sql`update context_versions set message = 'forged' where context_id = ${other} and number = 2`,
    );
    await expect(write(other, { data: { a: 2 }, baseVersion: 1, merge: true })).rejects.toThrow(VersionTampered);
    expect((await write(other, { data: { a: 2 } })).number).toBe(3);
    await database.query(sql`delete from context_versions where context_id = ${other} and number = 1`);
    await expect(write(other, { data: { a: 2 }, baseVersion: 1, merge: true })).rejects.toThrow(NotFound);
  });

  it("does not count as loaded by the agent that asked for it: it is told of what it has not seen", async () => {
    const { runtime, admin, database } = fixture;
    const contextId = await contextOf({ a: 1 }, { a: 2 });
    const [reading, writing] = [await addAgent(fixture, newId()), await addAgent(fixture, newId())];
    await getVersionData(runtime, reading.caller, [{ contextId, number: 1 }]);
    const merge = { contextId, baseVersion: 1, merge: true };
    for (const [at, agent] of [reading, writing].entries()) {
      await writeContext(runtime, agent.caller, { ...merge, data: { a: 1, [`by${at}`]: 1 } });
    }
    const readers = await getReaders(runtime, admin, [contextId]);
    expect(readers.map(({ version }) => version)).toEqual([1, 1]);
    const pending = await pendingContextChanges(database, [reading.id, writing.id]);
    expect(pending.map(({ version }) => version)).toEqual([4, 4]);
  });

  it("is checked like data: its size, and the context's schema", async () => {
    const contextId = await contextOf({}, { a: "x".repeat(6_000) });
    await expect(
      write(contextId, { data: { b: "x".repeat(6_000) }, baseVersion: 1, merge: true }),
    ).rejects.toMatchObject({ issues: [{ path: ["data"] }] });
    await updateContext(fixture.runtime, fixture.admin, { contextId, schema: { maxProperties: 1 } });
    await expect(write(contextId, { data: { b: 1 }, baseVersion: 1, merge: true })).rejects.toMatchObject({
      issues: [{ path: ["data"] }],
    });
  });

  it("answers a repeat with what was written first, also after others have written", async () => {
    const contextId = await contextOf({}, { a: 1 });
    const once = { data: { b: 1 }, baseVersion: 1, merge: true, idempotencyKey: "once" };
    const all = await Promise.all(Array.from({ length: 6 }, () => write(contextId, once)));
    expect(new Set(all.map((version) => version.hash)).size).toBe(1);
    await write(contextId, { data: { b: 5 } });
    expect(await write(contextId, once)).toEqual(all[0]);
    expect(await dataOf(contextId, 3)).toEqual({ a: 1, b: 1 });
  });

  it("loses nothing of writers that all began with the same version", async () => {
    const contextId = await contextOf({ start: true });
    const keys = Array.from({ length: 20 }, (_, at) => `k${at}`);
    await Promise.all(
      keys.map((key) => write(contextId, { data: { start: true, [key]: 1 }, baseVersion: 1, merge: true })),
    );
    expect(Object.keys((await dataOf(contextId, 21)) as object).toSorted()).toEqual([...keys, "start"].toSorted());
  });
});

describe("a change that was made from one version", () => {
  /** Writes with somebody else's write in between: after the context was read, before the version is appended. */
  async function writeAfter(contextId: string, other: Content, input: Content) {
    const { database } = fixture.runtime;
    let overtaken = false;
    const run: typeof database.run = async (sent, values) => {
      if (!overtaken && sent.text.includes("insert into context_versions")) {
        overtaken = true;
        await write(contextId, other);
      }
      return database.run(sent, values);
    };
    const runtime = { ...fixture.runtime, database: { ...database, run } };
    const { number } = await writeContext(runtime, fixture.admin, { contextId, ...input });
    expect(overtaken).toBe(true);
    return dataOf(contextId, number);
  }

  it.each<[string, Content]>([
    ["a patch", { patch: [{ op: "add", path: "/mine", value: 1 }] }],
    ["a merge patch", { mergePatch: { mine: 1 } }],
    ["data to merge", { data: { a: 1, b: 1, mine: 1 }, baseVersion: 2, merge: true }],
    ["data to merge with an older version", { data: { a: 1, mine: 1 }, baseVersion: 1, merge: true }],
  ])("is made again when somebody else was faster: %s", async (_what, input) => {
    const contextId = await contextOf({ a: 1 }, { a: 1, b: 1 });
    expect(await writeAfter(contextId, { mergePatch: { theirs: 1 } }, input)).toEqual({
      a: 1,
      b: 1,
      theirs: 1,
      mine: 1,
    });
  });
});
