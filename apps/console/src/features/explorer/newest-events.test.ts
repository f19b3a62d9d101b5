import { expect, it } from "vitest";
import { createNewestEvents } from "#features/explorer/newest-events.ts";

const delivery = (event: unknown) => ({ data: { events: { __typename: "EventDelivery", event } } });
const bookmark = { data: { events: { __typename: "Bookmark", cursor: "abc" } } };

it("shows the newest 50 events of a feed, and a bookmark adds nothing", () => {
  const show = createNewestEvents();
  expect(show(bookmark)).toEqual({ data: { newestFirst: [] } });
  expect(show(delivery({ type: "a" }))).toEqual({ data: { newestFirst: [{ type: "a" }] } });
  const shown = show(delivery({ type: "b" }));
  expect(show(bookmark)).toEqual(shown);
  for (let index = 0; index < 60; index += 1) show(delivery({ index }));
  const { data } = show(bookmark) as { data: { newestFirst: { index: number }[] } };
  expect(data.newestFirst.map(({ index }) => index)).toEqual(Array.from({ length: 50 }, (_, back) => 59 - back));
  // What was shown before stays as it was.
  expect(shown).toEqual({ data: { newestFirst: [{ type: "b" }, { type: "a" }] } });
});

it("shows a delivery itself when its event was not asked for", () => {
  const data = { events: { __typename: "EventDelivery", cursor: "abc" } };
  expect(createNewestEvents()({ data })).toEqual({ data: { newestFirst: [data.events] } });
});

it.each([
  { data: { events: { __typename: "ResyncRequired", reason: "OVERFLOW" } } },
  { data: { agentInbox: { tasks: [] } } },
  { data: { events: null }, errors: [{ message: "x" }] },
  { data: null, errors: [{ message: "x" }] },
  { errors: [{ message: "x" }] },
])("leaves other results as they are: %j", (result) => {
  expect(createNewestEvents()(result)).toBe(result);
});
