import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { WrittenTogether } from "./written-together.ts";

/** Doubles numbers, and remembers which were written together. */
function doubling(options: Partial<ConstructorParameters<typeof WrittenTogether<number, number>>[0]> = {}) {
  const batches: number[][] = [];
  const together = new WrittenTogether<number, number>({
    parallel: 1,
    most: 100,
    write: async (items) => {
      batches.push([...items]);
      await sleep(5);
      return items.map((item) => item * 2);
    },
    ...options,
  });
  return { together, batches };
}

const refused = () => Object.assign(new Error("refused"), { code: "22000" });

describe("calls that are written together", () => {
  it("go at once when nothing is under way, and together when something is", async () => {
    const { together, batches } = doubling();
    const first = together.add(1);
    await sleep(1);
    const rest = Promise.all([2, 3, 4].map((item) => together.add(item)));
    expect(await first).toBe(2);
    expect(await rest).toEqual([4, 6, 8]);
    expect(batches).toEqual([[1], [2, 3, 4]]);
  });

  it("go together when they come in one turn of the event loop", async () => {
    const { together, batches } = doubling();
    await Promise.all([1, 2, 3].map((item) => together.add(item)));
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it("keep within the bounds of a statement, by number and by bytes", async () => {
    const { together, batches } = doubling({ most: 2 });
    await Promise.all([1, 2, 3].map((item) => together.add(item)));
    expect(batches).toEqual([[1, 2], [3]]);
    const large = doubling({ bytesOf: () => 3_000_000 });
    await Promise.all([1, 2, 3].map((item) => large.together.add(item)));
    expect(large.batches).toEqual([[1, 2], [3]]);
  });

  it("do not share a statement with another one of the same key", async () => {
    const { together, batches } = doubling({ keyOf: (item) => String(item % 2) });
    await Promise.all([1, 2, 3, 5].map((item) => together.add(item)));
    expect(batches).toEqual([[1, 2], [3], [5]]);
  });

  it("do not suffer for the one that the database refuses", async () => {
    const { together } = doubling({
      write: async (items) => {
        if (items.includes(3)) throw refused();
        return items.map((item) => item * 2);
      },
    });
    const settled = await Promise.allSettled([1, 2, 3, 4, 5].map((item) => together.add(item)));
    expect(settled.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
    expect(settled[4]).toMatchObject({ value: 10 });
  });

  it("all fail, after one statement, when the database is away", async () => {
    let statements = 0;
    const { together } = doubling({
      write: async () => {
        statements += 1;
        throw Object.assign(new Error("away"), { code: "ECONNREFUSED" });
      },
    });
    const settled = await Promise.allSettled([1, 2, 3].map((item) => together.add(item)));
    expect(settled.every(({ status }) => status === "rejected")).toBe(true);
    expect(statements).toBe(1);
  });

  it("use as many statements at once as they may", async () => {
    let running = 0;
    let most = 0;
    const { together } = doubling({
      parallel: 2,
      most: 1,
      write: async (items) => {
        most = Math.max(most, (running += 1));
        await sleep(5);
        running -= 1;
        return items;
      },
    });
    await Promise.all([1, 2, 3, 4].map((item) => together.add(item)));
    expect(most).toBe(2);
  });

  it("gather for a while after a statement has begun, unless a dozen wait; later ones go at once", async () => {
    const { together, batches } = doubling({
      gatherMs: 100,
      write: async (items) => (batches.push([...items]), items),
    });
    await together.add(1);
    const begun = performance.now();
    const some = [together.add(2)];
    await sleep(20);
    some.push(together.add(3));
    await Promise.all(some);
    expect(performance.now() - begun).toBeGreaterThan(80);
    const again = performance.now();
    await Promise.all([
      together.add(4),
      sleep(1).then(() => Promise.all(Array.from({ length: 11 }, (_, n) => together.add(5 + n)))),
    ]);
    expect(performance.now() - again).toBeLessThan(80);
    expect(batches.map(({ length }) => length)).toEqual([1, 2, 12]);
    await sleep(110);
    const late = performance.now();
    await together.add(0);
    expect(performance.now() - late).toBeLessThan(50);
  });
});
