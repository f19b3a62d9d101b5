import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ListReader, PAGE, type PageSource } from "#live/list-reader.ts";

interface Row {
  readonly id: string;
}

/** A list on a server: sorted ids, read by keyset. */
function createServer(count: number) {
  let ids = Array.from({ length: count }, (_, index) => String(index * 10).padStart(8, "0"));
  let reads = 0;
  const answer = (after: string | null, size: number) => {
    const following = ids.filter((id) => after === null || id > after);
    const rows = following.slice(0, size).map((id) => ({ id }));
    return { rows, end: rows.at(-1)?.id ?? null, more: following.length > size };
  };
  const source: PageSource<Row> = {
    read: async ({ after, size }, signal) => {
      reads += 1;
      await Promise.resolve();
      return signal.aborted ? null : answer(after, size);
    },
    watch: () => () => {},
  };
  return {
    source,
    head: () => answer(null, PAGE),
    change: (next: (ids: readonly string[]) => Iterable<string>) => void (ids = [...next(ids)].sort()),
    ids: () => ids,
    reads: () => reads,
  };
}

const shown = (reader: ListReader<Row>) => reader.loaded().rows.map(({ id }) => id);
const settle = () => vi.advanceTimersByTimeAsync(5_000);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("loads as it is scrolled, and no further", async () => {
  const server = createServer(1_000);
  const reader = new ListReader(server.source);
  reader.update(server.head(), true);
  await settle();
  expect(shown(reader)).toHaveLength(PAGE);
  reader.show({ first: 60, last: 90 });
  await settle();
  expect(shown(reader)).toEqual(server.ids().slice(0, 200));
  reader.show({ first: 970, last: 999 });
  await settle();
  expect(shown(reader)).toEqual(server.ids());
  expect(reader.loaded().more).toBe(false);
});

it("shows what is there after any changes, wherever it is scrolled", async () => {
  const random = randomNumbers(7);
  for (let run = 0; run < 40; run += 1) {
    const server = createServer(400);
    const reader = new ListReader(server.source);
    reader.update(server.head(), true);
    for (let step = 0; step < 5; step += 1) {
      const at = random(420);
      reader.show({ first: at, last: at + 30 });
      await settle();
      const gone = new Set(Array.from({ length: random(8) }, () => random(400)));
      const come = Array.from({ length: random(8) }, () => String(random(4_500)).padStart(8, "0"));
      server.change((ids) => new Set([...ids.filter((_, index) => !gone.has(index)), ...come]));
      reader.update(server.head(), true);
      await settle();
      const rows = shown(reader);
      expect(new Set(rows).size).toBe(rows.length);
      // In sight there is exactly what the server has from there on.
      const seen = rows.slice(at, at + 31);
      const begin = server.ids().indexOf(seen[0] ?? "");
      expect(seen).toEqual(seen.length === 0 ? [] : server.ids().slice(begin, begin + seen.length));
    }
    for (let row = 0; row < 600; row += 100) {
      reader.show({ first: row, last: row + 100 });
      await settle();
    }
    expect(shown(reader)).toEqual(server.ids());
  }
});

/** The same numbers each time: from 0 up to a bound. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

it("leaves the rows in place while somebody points at them, but not for long", async () => {
  const server = createServer(10);
  const reader = new ListReader(server.source);
  reader.update(server.head(), true);
  reader.hold();
  server.change((ids) => ids.slice(1));
  reader.update(server.head(), true);
  expect(shown(reader)).toHaveLength(10);
  await vi.advanceTimersByTimeAsync(1_100);
  expect(shown(reader)).toEqual(server.ids());
});

it("reads nothing when only counts have changed", async () => {
  const server = createServer(1_000);
  const reader = new ListReader(server.source);
  reader.update(server.head(), true);
  reader.show({ first: 150, last: 180 });
  await settle();
  const before = server.reads();
  reader.update(server.head(), false);
  await settle();
  expect(server.reads()).toBe(before);
});
