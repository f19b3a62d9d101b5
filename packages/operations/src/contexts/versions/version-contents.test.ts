import { jsonIssues, type Json } from "@muster/domain/json.ts";
import canonicalize from "canonicalize";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violationsIn } from "../../../test/consistency.ts";
import { createFixture, type Fixture } from "../../../test/fixtures.ts";
import { newId } from "../../new-id.ts";
import { prepareData } from "./data-hash.ts";
import { openContext } from "../open-context.ts";
import { contentOf, LONGEST_CHAIN } from "./version-contents.ts";
import { getVersionData } from "./version-queries.ts";
import { writeContext } from "./write-context.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

interface StoredContent {
  readonly hash: string;
  readonly base: string | null;
  readonly depth: number;
  readonly chainBytes: number;
  readonly bytes: number;
}

/** Writes each data as a version, and expects each to come back byte by byte as it was written. Gives what is stored. */
async function keep(sequence: readonly Json[]): Promise<{ contextId: string; stored: StoredContent[] }> {
  const { runtime, admin, database, projectId } = fixture;
  const contextId = (await openContext(runtime, admin, { projectId, name: newId() })).id;
  for (const data of sequence) await writeContext(runtime, admin, { contextId, data });
  const keys = sequence.map((_, at) => ({ contextId, number: at + 1 }));
  const read = new Map((await getVersionData(runtime, admin, keys)).map(({ number, data }) => [number, data]));
  for (const [at, data] of sequence.entries())
    expect(canonicalize(read.get(at + 1)), `version ${at + 1}`).toBe(canonicalize(data));
  const stored = await database.query<StoredContent>(sql`
    select data_hash as hash, base_hash as base, depth, chain_bytes as "chainBytes", octet_length(body) as bytes
    from context_contents where context_id = ${contextId}`);
  return { contextId, stored };
}

const text = "what does not change from version to version, so that patches are clearly smaller. ";
const long = text.repeat(20);
const numbers = (from: number, count: number) => Array.from({ length: count }, (_, at) => from + at);
const nested = (depth: number, leaf: Json): Json => (depth === 0 ? leaf : { a: [nested(depth - 2, leaf)] });

describe("the data of versions", () => {
  it.each<[string, Json[]]>([
    ["a list that shifts", numbers(0, 12).map((at) => ({ long, list: numbers(at, 400) }))],
    ["a list that turns round", [numbers(0, 300), numbers(0, 300).toReversed(), numbers(0, 300)]],
    [
      "a list of equal elements",
      numbers(1, 8).map((count) => ({ long, list: numbers(0, count * 3).map(() => ({ same: true })) })),
    ],
    [
      "keys longer than a pointer of a caller may be",
      [1, 2, 3].map((value) => ({ long, ["k".repeat(5_000)]: { ["~/".repeat(3_000)]: value } })),
    ],
    [
      "keys that pointers escape",
      [1, 2, 3].map((value) => ({
        long,
        "": { "": value },
        "/": { "~": value, "~1": 0, "~0": [value] },
        "a/b": value,
      })),
    ],
    [
      "keys that look like positions",
      [1, 2, 3].map((value) => ({ long, 0: value, 10: 1, 9: { 1: value }, "-": value })),
    ],
    [
      "keys of Object.prototype",
      [1, 2, 3].map((value) => ({ long, constructor: value, toString: { valueOf: value }, hasOwnProperty: [value] })),
    ],
    [
      "lines, separators and other characters that could be taken for more",
      ["a\nb", "a\r\nb", "\u2028\u2029", "\\n", '"]\n[{"op":', "\u0001\u001f\u007f", "😀", "e\u0301", "\u00e9"].map(
        (value) => ({ long, value, [value]: 1 }),
      ),
    ],
    [
      "numbers at their limits",
      [0, -0, 5e-324, 2.5e-300, -9007199254740991, 0.1, 1234567890.0625].map((value) => ({ long, value })),
    ],
    ["nesting as deep as it may be", [1, 2, 3, 4].map((value) => ({ long, deep: nested(98, value) }))],
    ["everything replaced", numbers(1, 6).map((at) => ({ [`key-${at}`]: `${at}`.repeat(3_000) }))],
    [
      "other kinds at the same place",
      [{}, [], "text", 1, true, { a: null }, { a: [] }, { a: {} }].map((value) => ({ long, value })),
    ],
    ["another root", [[], {}, "text", 0, false, [[]], { a: 1 }]],
    [
      "growth from nothing, and back",
      [...numbers(0, 30), ...numbers(0, 30).toReversed()].map((size) => ({ text: text.repeat(size) })),
    ],
  ])("come back as they were written: %s", async (_name, sequence) => {
    await keep(sequence);
  });

  it("come back as they were written, whatever they are", async () => {
    const value = fc
      .jsonValue({ maxDepth: 4, noUnicodeString: false })
      .filter((each) => each !== null && jsonIssues(each).length === 0) as fc.Arbitrary<Json>;
    const place = fc.record({ on: fc.nat(), at: fc.constantFrom("a", "b", "~/", ""), value });
    const property = fc.asyncProperty(
      fc.array(fc.oneof(value, place), { minLength: 2, maxLength: 12 }),
      fc.array(value, { maxLength: 5 }),
      async (changes, list) => {
        // Some versions are anything, others the one before it with a change, so that there is something to patch.
        const sequence: Json[] = [{ long, list }];
        for (const change of changes) {
          const before = sequence.at(-1);
          const isChange = typeof change === "object" && change !== null && "on" in change && "at" in change;
          if (!isChange || typeof before !== "object" || before === null) sequence.push(change as Json);
          else {
            const { on, at, value: put } = change as { on: number; at: string; value: Json };
            if (Array.isArray(before)) sequence.push(before.toSpliced(on % (before.length + 1), on % 3, put));
            else {
              const { list: elements = [] } = before as { list?: Json };
              const changed = Array.isArray(elements)
                ? elements.toSpliced(on % (elements.length + 1), on % 3, put)
                : put;
              sequence.push({ ...before, [at]: put, list: changed });
            }
          }
        }
        await keep(sequence);
      },
    );
    await fc.assert(property, { numRuns: 60 });
    expect(await violationsIn(fixture.database)).toEqual([]);
  });

  it("are stored once, however often they are written", async () => {
    const [a, b] = [
      { long, value: "a" },
      { long, value: "b" },
    ];
    expect((await keep(Array(100).fill(a))).stored).toHaveLength(1);
    const { stored } = await keep(Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? a : b)));
    expect(stored.map(({ depth }) => depth).toSorted()).toEqual([0, 1]);
    // In another order of keys it is the same data.
    expect(
      (
        await keep([
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ])
      ).stored,
    ).toHaveLength(1);
  });

  it("are a snapshot and few patches away, and patches are clearly smaller than what they stand for", async () => {
    const small = await keep(numbers(1, 2 * LONGEST_CHAIN + 10).map((value) => ({ long: long.repeat(10), value })));
    const depths = small.stored.map(({ depth }) => depth);
    expect(Math.max(...depths)).toBe(LONGEST_CHAIN);
    expect(depths.filter((depth) => depth === 0)).toHaveLength(3);
    // Large patches: the bytes of a chain stay below those of the data.
    const large = await keep(numbers(1, 9).map((value) => ({ long, other: `${value}`.repeat(700) })));
    const size = JSON.stringify({ long, other: "1".repeat(700) }).length;
    expect(large.stored.filter(({ depth }) => depth === 0).length).toBeGreaterThan(2);
    for (const { depth, chainBytes, bytes } of large.stored) {
      if (depth === 0) continue;
      expect(bytes).toBeLessThan(size / 2);
      expect(chainBytes).toBeLessThanOrEqual(size);
    }
    // A patch of more than half the data saves too little.
    const half = await keep(numbers(1, 4).map((value) => ({ long, other: `${value}`.repeat(2_500) })));
    expect(half.stored.map(({ depth }) => depth)).toEqual([0, 0, 0, 0]);
    // Nothing of the one is of use for the other.
    const different = await keep(["a", "b", "c"].map((value) => ({ value: value.repeat(1_000) })));
    expect(different.stored.map(({ depth }) => depth)).toEqual([0, 0, 0]);
  });

  it("are never stored as a patch of themselves", () => {
    const prepared = prepareData({ long });
    const base = { data: { long }, dataHash: prepared.hash, depth: 1, chainBytes: 100 };
    expect(contentOf(prepared, base)).toMatchObject({ depth: 0, baseHash: null });
  });

  it("are not read for ever when somebody makes a chain a circle", async () => {
    const { runtime, admin, database } = fixture;
    const { contextId } = await keep([1, 2, 3].map((value) => ({ long, value })));
    await database.query(sql`
      update context_contents set base_hash = (select data_hash from context_contents where context_id = ${contextId} and depth = 2), depth = 1
      where context_id = ${contextId} and depth = 0`);
    const reading = getVersionData(runtime, admin, [{ contextId, number: 3 }]);
    await expect(reading).rejects.toMatchObject({ name: "VersionTampered" });
  });
});
