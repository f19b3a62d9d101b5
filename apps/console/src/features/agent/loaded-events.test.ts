import { describe, expect, it } from "vitest";
import { type EventPage, type LoadedEvents, withEarlier, withNewest } from "#features/agent/loaded-events.ts";

interface Event {
  readonly id: string;
}
const event = (number: number): Event => ({ id: `event_${number}` });
const page = (numbers: number[], hasPreviousPage = true): EventPage<Event> => ({
  edges: numbers.map((number) => ({ cursor: `at ${number}`, node: event(number) })),
  pageInfo: { hasPreviousPage },
});
const numbers = (loaded: LoadedEvents<Event>) => loaded.events.map(({ id }) => Number(id.slice(6)));

describe("the events that are loaded", () => {
  it("begin with the newest page and what has come since, each once", () => {
    const loaded = withNewest(null, page([5, 6, 7]), [event(7), event(8)]);
    expect(numbers(loaded)).toEqual([8, 7, 6, 5]);
    expect(loaded).toMatchObject({ before: "at 5", complete: false });
  });

  it("go on backwards to the first", () => {
    const loaded = withEarlier(withNewest(null, page([5, 6]), []), page([2, 3, 4]));
    expect(numbers(loaded)).toEqual([6, 5, 4, 3, 2]);
    expect(loaded).toMatchObject({ before: "at 2", complete: false });
    expect(numbers(withEarlier(loaded, page([1], false)))).toEqual([6, 5, 4, 3, 2, 1]);
    expect(withEarlier(loaded, page([1], false)).complete).toBe(true);
    expect(withEarlier(loaded, page([], false))).toMatchObject({ before: "at 2", complete: true });
  });

  it("keep what was loaded when the newest page is read again and reaches back to it", () => {
    const loaded = withEarlier(withNewest(null, page([5, 6]), [event(9)]), page([3, 4]));
    const again = withNewest(loaded, page([8, 9, 10]), [event(11)]);
    expect(numbers(again)).toEqual([11, 10, 9, 8, 6, 5, 4, 3]);
    expect(again.before).toBe("at 3");
  });

  it("begin anew when something may lie between", () => {
    const again = withNewest(withNewest(null, page([5, 6]), []), page([20, 21]), [event(22)]);
    expect(numbers(again)).toEqual([22, 21, 20]);
    expect(again).toMatchObject({ before: "at 20", complete: false });
  });

  it("put an event that comes late in its place", () => {
    const loaded = withEarlier(withNewest(null, page([7, 9]), []), page([1, 2, 3]));
    expect(numbers(withNewest(loaded, page([7, 9]), [event(8)]))).toEqual([9, 8, 7, 3, 2, 1]);
    expect(numbers(withNewest(loaded, page([7, 9]), [event(5)]))).toEqual([9, 7, 5, 3, 2, 1]);
  });

  it("may be none yet", () => {
    const none = withNewest<Event>(null, page([], false), []);
    expect(none).toEqual({ events: [], before: null, complete: true });
    expect(numbers(withNewest(none, page([], false), [event(1)]))).toEqual([1]);
    expect(numbers(withNewest(withNewest(none, page([], false), [event(1)]), page([], false), [event(2)]))).toEqual([
      2, 1,
    ]);
  });
});
