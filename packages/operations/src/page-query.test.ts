import type { PageArguments } from "@muster/domain/page.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../test/fixtures.ts";
import { newId } from "./new-id.ts";
import { type ListQuery, PARENT, readPages } from "./page-query.ts";

/** How many rows each parent has, the last of them one. */
const SIZES = [7, 0, 23, 1];
const parents = SIZES.map(() => newId());
/** Rows of other parents lie between. */
const strangers = [newId(), newId()];

let fixture: Fixture;
let numbersOf: ReadonlyMap<string, number[]>;
beforeAll(async () => {
  fixture = await createFixture();
  const rows = [...parents, ...strangers].flatMap((agentId, at) =>
    Array.from({ length: SIZES[at] ?? 12 }, (_, number) => ({ agentId, number, type: `t.${number % 3}` })),
  );
  const shuffled = rows.toSorted((a, b) => a.number - b.number);
  await fixture.database.query(sql`
    insert into events (type, subject_id, subject_version, agent_id, actor_kind, actor_name, payload)
    select r.type, r."agentId", r.number, r."agentId", 'SYSTEM', 'test', '{}'
    from jsonb_to_recordset(${JSON.stringify(shuffled)}::jsonb) r("agentId" uuid, number int, type text)`);
  numbersOf = new Map(
    parents.map((parent) => {
      const own = shuffled.filter((row) => row.agentId === parent);
      return [parent, own.toSorted((a, b) => a.type.localeCompare(b.type)).map((row) => row.number)];
    }),
  );
});
afterAll(() => fixture.close());

const list: ListQuery = {
  columns: sql`e.subject_version as number`,
  from: sql`events e`,
  where: [sql`e.agent_id = ${PARENT}`],
  orderBy: [
    { expression: sql`e.type`, type: "text" },
    { expression: sql`e.id`, type: "bigint" },
  ],
  direction: "ASC",
};
const branches = [sql`e.subject_version % 2 = 0`, sql`e.subject_version % 2 = 1`];

const read = (query: ListQuery, of: readonly string[], page: PageArguments) =>
  readPages<{ number: number }>(fixture.database, query, of, page);

/** All of a parent's rows, page by page, with the cursor of each. */
async function walk(query: ListQuery, parent: string, size: number, way: "first" | "last") {
  const edges: { cursor: string; node: { number: number } }[] = [];
  for (let cursor: string | null = null; ;) {
    const page = (await read(query, [parent], { [way]: size, [way === "first" ? "after" : "before"]: cursor })).get(
      parent,
    );
    if (way === "first") edges.push(...(page?.edges ?? []));
    else edges.unshift(...(page?.edges ?? []));
    if (!(way === "first" ? page?.hasNextPage : page?.hasPreviousPage)) return edges;
    cursor = (way === "first" ? edges.at(-1) : edges[0])?.cursor ?? null;
  }
}

describe("pages of many parents", () => {
  it("are what each would have been given alone, in any order, from either end and any cursor", async () => {
    const cursors = (await walk(list, parents[2] ?? "", 200, "first")).map((edge) => edge.cursor);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(parents, { minLength: 1 }),
        fc.constantFrom("first", "last"),
        fc.integer({ min: 1, max: 10 }),
        fc.option(fc.constantFrom(...cursors)),
        fc.option(fc.constantFrom(...cursors)),
        fc.constantFrom("ASC" as const, "DESC" as const),
        fc.boolean(),
        async (of, way, size, after, before, direction, branched) => {
          const query = { ...list, direction, ...(branched ? { branches } : {}) };
          const page = { [way]: size, after, before };
          const together = await read(query, of, page);
          expect([...together.keys()]).toEqual(of);
          for (const parent of of) {
            const { count: _together, ...found } = together.get(parent) ?? {};
            const { count: _alone, ...alone } = (await read(query, [parent], page)).get(parent) ?? {};
            expect(found).toEqual(alone);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("lead through every row once, forwards and backwards", async () => {
    for (const [parent, numbers] of numbersOf) {
      for (const query of [list, { ...list, branches }]) {
        for (const way of ["first", "last"] as const) {
          expect((await walk(query, parent, 4, way)).map((edge) => edge.node.number)).toEqual(numbers);
          const down = await walk({ ...query, direction: "DESC" }, parent, 4, way);
          expect(down.map((edge) => edge.node.number)).toEqual(numbers.toReversed());
        }
      }
    }
  });

  it("are counted together, once, whatever page they are, and say when there are more than they count", async () => {
    for (const query of [list, { ...list, branches }]) {
      const pages = await read(query, parents, { first: 2 });
      const counts = await Promise.all([...pages.values()].map((page) => page.count()));
      expect(counts).toEqual(SIZES.map((count) => ({ count, capped: false })));
    }
    const many = { ...list, from: sql`events e cross join generate_series(1, 500) n`, branches };
    const counts = await Promise.all(
      [...(await read(many, parents, { first: 1 })).values()].map((page) => page.count()),
    );
    expect(counts).toEqual([3_500, 0, 10_000, 500].map((count) => ({ count, capped: count === 10_000 })));
  });

  it("are none of nobody", async () => {
    expect(await read(list, [], {})).toEqual(new Map());
  });

  it.each<[string, PageArguments]>([
    ["both ends", { first: 1, last: 1 }],
    ["no rows", { first: 0 }],
    ["too many rows", { last: 201 }],
    ["a cursor that is none", { after: "x" }],
    ["another list's cursor", { before: Buffer.from('["1"]').toString("base64url") }],
  ])("are refused for %s", async (_name, page) => {
    await expect(read(list, parents, page)).rejects.toThrow(InvalidInput);
  });
});
