import { describe, expect, it } from "vitest";
import { type EventPage, indexOfNumber, stretchOf, withLive, withNewer, withOlder } from "#events/log/stretch.ts";

const event = (number: number) => ({ id: `event_${number}` });
const all = () => true;

/** Events from one number to another, as the API gives a page of a log of 1 to 100. */
function page(from: number, to: number): EventPage<{ readonly id: string }> {
  const edges = Array.from({ length: to - from + 1 }, (_, at) => ({ cursor: `c${from + at}`, node: event(from + at) }));
  return {
    edges,
    pageInfo: {
      hasPreviousPage: from > 1,
      hasNextPage: to < 100,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
const numbers = ({ rows }: { readonly rows: readonly { readonly number: number }[] }) =>
  rows.map(({ number }) => number);

describe("a stretch of the log", () => {
  it("has the newest first, and knows where to go on", () => {
    const stretch = stretchOf(page(98, 100), all);
    expect(numbers(stretch)).toEqual([100, 99, 98]);
    expect(stretch).toMatchObject({ hasOlder: true, hasNewer: false, olderCursor: "c98", newerCursor: "c100" });
  });

  it("grows at both ends, each event once", () => {
    const older = withOlder(stretchOf(page(50, 52), all), page(48, 50), all, 100);
    expect(numbers(withNewer(older, page(52, 54), all, 100))).toEqual([54, 53, 52, 51, 50, 49, 48]);
  });

  it("lets go of the newest when it grows long backwards, and finds the way back", () => {
    const stretch = withOlder(stretchOf(page(51, 55), all), page(46, 50), all, 6);
    expect(numbers(stretch)).toEqual([51, 50, 49, 48, 47, 46]);
    expect(stretch).toMatchObject({ hasNewer: true, newerCursor: "c51" });
    expect(numbers(withNewer(stretch, page(52, 53), all, 6))).toEqual([53, 52, 51, 50, 49, 48]);
  });

  it("keeps the newest where the feed brought them: there would be no way back to them", () => {
    const stretch = withLive(stretchOf(page(99, 100), all), [event(101), event(102)], 10);
    expect(numbers(withOlder(stretch, page(95, 98), all, 4))).toEqual([98, 97, 96, 95]);
    const onlyLive = withLive(stretchOf({ ...page(1, 0), edges: [] }, all), [event(101), event(102)], 10);
    expect(numbers(withOlder(onlyLive, { ...page(1, 0), edges: [] }, all, 1))).toEqual([102, 101]);
  });

  it("puts what the feed brings in its place, once, and lets go of the oldest", () => {
    const stretch = withLive(stretchOf(page(97, 100), all), [event(102), event(101), event(100)], 5);
    expect(numbers(stretch)).toEqual([102, 101, 100, 99, 98]);
    expect(stretch).toMatchObject({ hasOlder: true, olderCursor: "c98" });
  });

  it("looks up the place of the oldest when the feed brought it", () => {
    const live = Array.from({ length: 9 }, (_, at) => event(101 + at));
    expect(withLive(stretchOf(page(99, 100), all), live, 3)).toMatchObject({ hasOlder: true, olderCursor: null });
  });

  it("goes on from the page's ends, also where its events are not listed", () => {
    const even = ({ id }: { readonly id: string }) => Number(id.slice(6)) % 2 === 0;
    const stretch = stretchOf(page(97, 100), even);
    expect(numbers(stretch)).toEqual([100, 98]);
    expect(withOlder(stretch, page(95, 96), () => false, 10)).toMatchObject({ olderCursor: "c95", hasOlder: true });
  });

  it("finds a place by number", () => {
    const { rows } = stretchOf(page(10, 14), all);
    expect([15, 14, 12, 10, 9].map((number) => indexOfNumber(rows, number))).toEqual([0, 0, 2, 4, 5]);
  });
});
