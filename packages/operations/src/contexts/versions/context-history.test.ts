import fc from "fast-check";
import { sql, type SQL } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contextStep, ContextModel, type ContextStep } from "../../../test/context-model.ts";
import { addAgent, createFixture, type Fixture, only } from "../../../test/fixtures.ts";
import { newId } from "../../new-id.ts";
import { acknowledgeContext } from "../rollbacks/acknowledge-context.ts";
import { getContexts } from "../context-queries.ts";
import { openContext } from "../open-context.ts";
import { releaseVersion } from "../rollbacks/release-version.ts";
import { rollBackContext } from "../rollbacks/roll-back-context.ts";
import { diffVersions } from "./compare-versions.ts";
import { listVersions } from "./version-list.ts";
import { getVersionData, getVersions } from "./version-queries.ts";
import { hashOfVersion } from "./version-hash.ts";
import { writeContext } from "./write-context.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

async function newContext(): Promise<string> {
  const { runtime, admin, projectId } = fixture;
  return (await openContext(runtime, admin, { projectId, name: newId() })).id;
}

describe("a context's history", () => {
  it("is what the model says, step by step, and its chain of hashes holds", async () => {
    const { runtime, admin } = fixture;
    let runs = 0;
    const property = fc.asyncProperty(fc.array(contextStep, { minLength: 1, maxLength: 20 }), async (steps) => {
      const contextId = await newContext();
      const reader = await addAgent(fixture, `reader-${++runs}`);
      const model = new ContextModel();
      const perform = async (one: ContextStep): Promise<string> => {
        switch (one.do) {
          case "write":
          case "patch":
          case "mergePatch": {
            const { base: baseVersion, expected: expectedVersion, merge, message, value } = one;
            const idempotencyKey = one.key === null ? null : `key ${one.key}`;
            const content = {
              write: { data: { value } },
              patch: { patch: [{ op: "add", path: "/value", value }] },
              mergePatch: { mergePatch: { value } },
            }[one.do];
            const made = await writeContext(runtime, admin, {
              contextId,
              baseVersion,
              expectedVersion,
              merge,
              idempotencyKey,
              message,
              ...content,
            });
            return `version ${made.number}`;
          }
          case "rollBack":
            await rollBackContext(runtime, admin, {
              contextId,
              toVersion: one.to,
              expectedVersion: one.expected,
              reason: "model",
            });
            return "done";
          case "release":
            await releaseVersion(runtime, admin, { contextId, number: one.number, reason: "model" });
            return "done";
          case "acknowledge":
            await acknowledgeContext(runtime, reader.caller, {
              contextId,
              agentId: reader.id,
              version: one.version,
              ok: one.ok,
            });
            return "done";
        }
      };
      for (const one of steps) {
        const expected = model.step(one);
        const actual = await perform(one).catch((error: Error) => error.name);
        expect(actual, JSON.stringify(one)).toBe(expected);
        const [context] = await getContexts(runtime, admin, [contextId]);
        expect(context).toMatchObject({
          currentVersion: model.versions.length,
          rollbackPointer: model.pointer,
          rollbackVersion: model.rollbackVersion,
          rollbackState: model.state,
        });
      }
      const keys = model.versions.map((_, at) => ({ contextId, number: at + 1 }));
      const versions = (await getVersions(runtime, admin, keys)).toSorted((a, b) => a.number - b.number);
      const data = new Map(
        (await getVersionData(runtime, admin, keys)).map((version) => [version.number, version.data]),
      );
      expect(
        versions.map((version) => ({
          value: (data.get(version.number) as { value: number }).value,
          held: version.heldSince !== null,
          rolledBackTo: version.rolledBackTo,
          mergedFrom: version.mergedFrom,
        })),
      ).toEqual(model.versions);
      for (const [at, version] of versions.entries()) {
        expect(version.parentHash).toBe(versions[at - 1]?.hash ?? null);
        expect(hashOfVersion(version)).toBe(version.hash);
      }
      const hashes = await fixture.database.query<{ hash: string }>(sql`
        select payload->>'hash' as hash from events where context_id = ${contextId} and type = 'context.version_written' order by id`);
      expect(hashes.map((row) => row.hash)).toEqual(versions.map((version) => version.hash));
      const unsettled = await fixture.database.query<{ count: number }>(sql`
        select (count(*) filter (where type = 'context.version_written' and payload->>'rolledBackTo' is not null)
              - count(*) filter (where type = 'context.rollback_settled'))::int as count from events where context_id = ${contextId}`);
      expect(unsettled[0]?.count).toBe(model.state === "PENDING" ? 1 : 0);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it.each<[string, SQL]>([
    [
      "data's hash",
      sql`data_hash = (select data_hash from context_versions o where o.context_id = v.context_id and number = 1)`,
    ],
    ["message", sql`message = 'another'`],
    ["author", sql`author = jsonb_set(author, '{name}', '"somebody else"')`],
    ["time", sql`created_at = created_at + interval '1 microsecond'`],
    ["hash", sql`hash = repeat('0', 64)`],
    ["parent", sql`parent = null`],
  ])("notices when somebody changes the %s of a version in the database", async (_name, change) => {
    const { runtime, admin, database } = fixture;
    const contextId = await newContext();
    for (const value of [1, 2, 3]) await writeContext(runtime, admin, { contextId, data: { value }, message: "m" });
    const read = (at: number) => getVersionData(runtime, admin, [{ contextId, number: at }]);
    expect(await read(2)).toHaveLength(1);
    await database.query(
      sql`update context_versions v set ${change} where v.context_id = ${contextId} and v.number = 2`,
    );
    await expect(read(2)).rejects.toThrow(/version 2 .* was changed in the database/);
    await expect(only(diffVersions(runtime, admin, [contextId], 1, 2))).rejects.toMatchObject({
      name: "VersionTampered",
    });
    await expect(rollBackContext(runtime, admin, { contextId, toVersion: 2, reason: "?" })).rejects.toMatchObject({
      name: "VersionTampered",
    });
    expect((await read(1))[0]?.data).toEqual({ value: 1 });
    await expect(only(listVersions(runtime, admin, [contextId], {}, {}))).rejects.toMatchObject({
      name: "VersionTampered",
    });
    // Others that are read with it do not suffer.
    const other = await newContext();
    for (const value of [1, 2]) await writeContext(runtime, admin, { contextId: other, data: { value } });
    const both = [contextId, other];
    const diffs = await diffVersions(runtime, admin, both, 1, 2);
    expect([...diffs.values()]).toEqual([
      expect.objectContaining({ name: "VersionTampered" }),
      [{ op: "replace", path: "/value", value: 2 }],
    ]);
    const pages = await listVersions(runtime, admin, both, {}, {});
    expect(pages.get(other)).toMatchObject({ edges: [{ node: { number: 2 } }, { node: { number: 1 } }] });
    // What a changed hash carried is no longer covered by the next one.
    if (_name === "hash") await expect(read(3)).rejects.toMatchObject({ name: "VersionTampered", number: 3 });
  });

  it.each<[string, SQL]>([
    ["it", sql`data_hash = (select data_hash from version)`],
    [
      "a patch that leads to it",
      sql`data_hash = (select base_hash from context_contents k join version using (data_hash) where k.context_id = context_contents.context_id)`,
    ],
    ["the snapshot behind it", sql`depth = 0`],
  ])("notices when somebody changes data in the database: %s", async (_name, which) => {
    const { runtime, admin, database } = fixture;
    const contextId = await newContext();
    const text = "so that the next versions are patches ".repeat(20);
    for (const value of [1, 2, 3]) await writeContext(runtime, admin, { contextId, data: { text, value } });
    const [{ depth } = { depth: 0 }] = await database.query<{ depth: number }>(
      sql`select max(depth) as depth from context_contents where context_id = ${contextId}`,
    );
    expect(depth).toBe(2);
    await database.query(sql`
      with version as (select data_hash from context_versions where context_id = ${contextId} and number = 3)
      update context_contents
      set body = case when depth = 0 then replace(body, 'so that', 'so then') else '[{"op":"add","path":"/other","value":1}]' end
      where context_id = ${contextId} and ${which}`);
    const reading = getVersionData(runtime, admin, [{ contextId, number: 3 }]);
    await expect(reading).rejects.toThrow(/The data of version 3 .* was changed in the database/);
    expect(await getVersions(runtime, admin, [{ contextId, number: 3 }])).toHaveLength(1);
  });

  it("does not build on data that was changed", async () => {
    const { runtime, admin, database } = fixture;
    const contextId = await newContext();
    await writeContext(runtime, admin, { contextId, data: { value: 1 } });
    await database.query(sql`update context_contents set body = '{"value":2}' where context_id = ${contextId}`);
    await expect(
      writeContext(runtime, admin, { contextId, patch: [{ op: "add", path: "/a", value: 1 }] }),
    ).rejects.toMatchObject({ name: "VersionTampered" });
    expect(await writeContext(runtime, admin, { contextId, data: { value: 3 } })).toMatchObject({ number: 2 });
  });

  it("is committed as a whole or not at all", async () => {
    const { runtime, admin, database } = fixture;
    const contextId = await newContext();
    const [before] = await database.query<{ count: string }>(sql`select count(*) from events`);
    const failing = database.transaction(async (transaction) => {
      await writeContext({ ...runtime, database: { ...database, ...transaction } }, admin, { contextId, data: 1 });
      throw new Error("rolled back");
    });
    await expect(failing).rejects.toThrow("rolled back");
    expect((await getContexts(runtime, admin, [contextId]))[0]?.currentVersion).toBe(0);
    expect(await database.query(sql`select count(*) from events`)).toEqual([before]);
  });
});
