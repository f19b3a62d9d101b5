import { InvalidInput, NotFound } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, createFixture, type Fixture, only } from "../../../test/fixtures.ts";
import { newId } from "../../new-id.ts";
import { openContext } from "../open-context.ts";
import { diffVersions } from "./compare-versions.ts";
import { listVersions } from "./version-list.ts";
import { getVersionData, getVersions, partOfData } from "./version-queries.ts";
import { writeContext } from "./write-context.ts";
import type { WriteContextInput } from "./write-request.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

async function newContext(): Promise<string> {
  const { runtime, admin, projectId } = fixture;
  return (await openContext(runtime, admin, { projectId, name: newId() })).id;
}

const write = (contextId: string, input: Omit<WriteContextInput, "contextId">) =>
  writeContext(fixture.runtime, fixture.admin, { contextId, ...input });

describe("reading versions", () => {
  it("gives data as it was sent", async () => {
    const contextId = await newContext();
    const values: Json[] = [
      0,
      -0,
      5e-324,
      -1.5e-300,
      0.1,
      9007199254740991,
      "",
      "😀",
      "\u2028",
      [],
      {},
      { "": 0, constructor: 1, "a~/": "\\u0000" },
      [[[]]],
      true,
    ];
    for (const data of values) {
      const { number } = await write(contextId, { data });
      const [read] = await getVersionData(fixture.runtime, fixture.admin, [{ contextId, number }]);
      expect(read?.data).toEqual(Object.is(data, -0) ? 0 : data);
    }
  });

  it("reads parts by JSON Pointer", () => {
    const data = { list: [{ a: 1 }], "x/y": null };
    expect(partOfData(data, null)).toEqual(data);
    expect(partOfData(data, "/list/0/a")).toBe(1);
    expect(partOfData(data, "/x~1y")).toBeNull();
    expect(partOfData(data, "/none/at/all")).toBeNull();
    expect(() => partOfData(data, "list")).toThrow(InvalidInput);
  });

  it("compares any two versions", async () => {
    const contextId = await newContext();
    for (const data of [{ a: 1 }, { a: 2, b: 1 }]) await write(contextId, { data });
    const diff = (from: number, to: number) =>
      only(diffVersions(fixture.runtime, fixture.admin, [contextId], from, to));
    expect(await diff(1, 2)).toEqual([
      { op: "replace", path: "/a", value: 2 },
      { op: "add", path: "/b", value: 1 },
    ]);
    expect(await diff(2, 1)).toEqual([
      { op: "replace", path: "/a", value: 1 },
      { op: "remove", path: "/b" },
    ]);
    expect(await diff(2, 2)).toEqual([]);
    await expect(diff(1, 3)).rejects.toThrow(NotFound);
    await expect(diff(0, 1)).rejects.toThrow(NotFound);
  });

  it("lists versions from the newest, both ways", async () => {
    const contextId = await newContext();
    for (let value = 1; value <= 5; value++) await write(contextId, { data: value });
    const list = (page: object) => only(listVersions(fixture.runtime, fixture.admin, [contextId], {}, page));
    const numbers = (page: Awaited<ReturnType<typeof list>>) => page.edges.map((edge) => edge.node.number);
    const first = await list({ first: 2 });
    expect(numbers(first)).toEqual([5, 4]);
    const second = await list({ first: 2, after: first.edges[1]?.cursor });
    expect(numbers(second)).toEqual([3, 2]);
    expect(numbers(await list({ last: 2, before: second.edges[0]?.cursor }))).toEqual([5, 4]);
    expect(numbers(await list({ last: 1 }))).toEqual([1]);
    expect(await second.count()).toEqual({ count: 5, capped: false });
  });

  it("finds no numbers that are none", async () => {
    const contextId = await newContext();
    const keys = [0, -1, 2_147_483_647].map((number) => ({ contextId, number }));
    expect(await getVersions(fixture.runtime, fixture.admin, keys)).toEqual([]);
  });

  it("records the agents that read with their own credentials, once for each newer version", async () => {
    const contextId = await newContext();
    const reader = await addAgent(fixture, "reader");
    for (let value = 1; value <= 3; value++) await write(contextId, { data: value });
    const readers = () =>
      fixture.database.query<{ version: number }>(
        sql`select version, xmin::text, xmax::text, ctid::text from context_readers where context_id = ${contextId}`,
      );
    const read = (number: number) => getVersionData(fixture.runtime, reader.caller, [{ contextId, number }]);
    await getVersionData(fixture.runtime, fixture.admin, [{ contextId, number: 3 }]);
    expect(await readers()).toEqual([]);
    await read(2);
    const [recorded] = await readers();
    expect(recorded?.version).toBe(2);
    await Promise.all([read(2), read(1), read(2)]);
    expect(await readers()).toEqual([recorded]);
    await writeContext(fixture.runtime, reader.caller, { contextId, data: 4 });
    expect((await readers())[0]?.version).toBe(4);
  });

  it("records the newest of versions that an agent reads at the same moment", async () => {
    for (let round = 0; round < 10; round++) {
      const contextId = await newContext();
      const reader = await addAgent(fixture, `racing-${round}`);
      for (let value = 1; value <= 4; value++) await write(contextId, { data: value });
      await Promise.all(
        [4, 3, 2, 1].map((number) => getVersionData(fixture.runtime, reader.caller, [{ contextId, number }])),
      );
      const rows = await fixture.database.query(
        sql`select version from context_readers where context_id = ${contextId}`,
      );
      expect(rows).toEqual([{ version: 4 }]);
    }
  });
});
