import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../../test/fixtures.ts";
import {
  closeUnbroken,
  contentViolations,
  contentsOf,
  document,
  keptVersions,
  newContext,
  readAll,
} from "../../../test/pruning.ts";
import type { Runtime } from "../../runtime.ts";
import { pinVersion } from "./pin-version.ts";
import { pruneContexts } from "./prune-contexts.ts";
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

describe("rebaseContents", () => {
  it("stores what stays as patches of what stays, nearer to their snapshots than before", async () => {
    const { runtime, admin } = fixture;
    const contextId = await newContext(fixture, 5, 60);
    for (const number of [8, 14, 15]) await pinVersion(runtime, admin, { contextId, number, name: String(number) });
    // One that has nothing in common with the others.
    const other = range(1, 200).map(String);
    const { number } = await writeContext(runtime, admin, { contextId, data: other });
    await pinVersion(runtime, admin, { contextId, number, name: "other" });
    for (const value of range(62, 80)) await write(contextId, value);
    const before = await contentsOf(fixture, contextId);
    await prune();
    const after = await contentsOf(fixture, contextId);
    expect(after.map(({ first, base }) => [first, base])).toEqual([
      [8, null],
      [14, 8],
      [15, 14],
      [61, null],
      [76, null],
      [77, 76],
      [78, 77],
      [79, 78],
      [80, 79],
    ]);
    expect(after.find(({ first }) => first === 14)?.depth).toBe(1);
    for (const content of after) {
      const was = before.find(({ first }) => first === content.first);
      expect(content.depth).toBeLessThanOrEqual(was?.depth ?? 0);
    }
    const data = await readAll(fixture, contextId, 80);
    expect([8, 14, 15, 76, 80].map((at) => data.get(at))).toEqual([8, 14, 15, 76, 80].map(document));
    expect(data.get(61)).toEqual(other);
    // And writing goes on from it.
    for (const value of range(81, 120)) await write(contextId, value);
    await prune();
    expect([...(await readAll(fixture, contextId, 120)).values()].slice(-5)).toEqual(range(116, 120).map(document));
    expect(await contentViolations(fixture)).toEqual([]);
  });

  it("rebases much that hangs on one version in several transactions", async () => {
    const { runtime, admin, database } = fixture;
    const contextId = await newContext(fixture, 30);
    const large = (value: number) => ({ value, text: "large ".repeat(100_000) });
    const put = (value: number) => writeContext(runtime, admin, { contextId, data: large(value) });
    // Each of 2 to 16 is a patch of 1; then each comes again, but 1 does not.
    for (const value of range(2, 16)) for (const one of [1, value]) await put(one);
    for (const value of range(2, 16)) await put(value);
    await pinVersion(runtime, admin, { contextId, number: 30, name: "last" });
    for (const value of range(2, 16)) await put(value);
    let transactions = 0;
    const counting: Runtime = {
      ...runtime,
      database: {
        ...database,
        transaction(work) {
          transactions += 1;
          return database.transaction(work);
        },
      },
    };
    await pruneContexts(counting);
    // Three that rebase, seven of 600 kB each; the last of them removes. One that finds nothing more to do.
    expect(transactions).toBe(4);
    expect(await keptVersions(fixture, contextId)).toEqual(range(30, 60));
    expect((await contentsOf(fixture, contextId)).filter(({ base }) => base === null)).toHaveLength(15);
    const data = await readAll(fixture, contextId, 60);
    for (const value of range(2, 16)) expect(data.get(44 + value)).toEqual(large(value));
  });

  it("leaves data that was changed in the database as it is, and what it is a patch of", async () => {
    const { database } = fixture;
    const contextId = await newContext(fixture, 2, 15);
    const before = await contentsOf(fixture, contextId);
    expect(before.at(-2)).toMatchObject({ first: 14, base: 13 });
    const change = (from: string, to: string) => sql`
      update context_contents k set body = replace(body, ${from}, ${to}) from context_versions v
      where v.context_id = ${contextId} and v.number = 14 and k.context_id = v.context_id and k.data_hash = v.data_hash`;
    await database.query(change("14", "99"));
    await prune();
    const data = await readAll(fixture, contextId, 15);
    expect([data.get(13), data.get(14)]).toEqual(["VersionPruned", "VersionTampered"]);
    // Whoever restores the row has the data back.
    await database.query(change("99", "14"));
    expect((await readAll(fixture, contextId, 15)).get(14)).toEqual(document(14));
    expect((await contentsOf(fixture, contextId)).map(({ first }) => first)).toEqual([13, 14, 15]);
    await database.query(
      sql`update context_versions set pruned_at = null where context_id = ${contextId} and number = 13`,
    );
    await database.query(sql`update contexts set pruned_through = 12 where id = ${contextId}`);
  });
});
