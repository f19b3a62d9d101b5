import { expect, it } from "vitest";
import { newestFirst } from "#live/merge-events.ts";

const event = (number: number, text = "") => ({ id: `event_${number}`, text });

it("puts lists together by number, the newest first, each event once", () => {
  expect(newestFirst([event(9), event(10)], [event(8), event(9)]).map(({ id }) => id)).toEqual([
    "event_10",
    "event_9",
    "event_8",
  ]);
  expect(newestFirst()).toEqual([]);
});

it("takes the later list's word on an event that is in two", () => {
  expect(newestFirst([event(1, "old")], [event(1, "new")])).toEqual([event(1, "new")]);
});
