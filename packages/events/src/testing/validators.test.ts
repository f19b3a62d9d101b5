import { describe, expect, it } from "vitest";
import {
  atomic,
  bookmarked,
  type LoggedFact,
  ordered,
  type RecordedFrame,
  reliable,
  resumable,
  unique,
} from "./validators.ts";

/** Two transactions, of which the second has two events; the subject "a" changes twice. */
const log: readonly LoggedFact[] = [
  { id: "1", xid: "10", subjectId: "a", subjectVersion: 1 },
  { id: "2", xid: "11", subjectId: "b", subjectVersion: 1 },
  { id: "3", xid: "11", subjectId: "a", subjectVersion: 2 },
];
const event = (id: string): RecordedFrame => {
  const fact = log.find((logged) => logged.id === id) ?? { subjectId: "stranger", subjectVersion: 1 };
  return { kind: "EventDelivery", event: { id, subjectId: fact.subjectId, subjectVersion: fact.subjectVersion } };
};
const bookmark: RecordedFrame = { kind: "Bookmark", caughtUp: true };
const replaying: RecordedFrame = { kind: "Bookmark", caughtUp: false };
const good = [event("1"), bookmark, event("2"), event("3"), bookmark];

it("finds nothing in a history as it should be", () => {
  expect([...reliable(log, good), ...unique(good), ...ordered(good), ...atomic(log, good)]).toEqual([]);
  expect(resumable(log, good.slice(0, 3), good.slice(3))).toEqual([]);
});

describe("says what is wrong:", () => {
  it("an event that is missing, or that nobody wrote", () => {
    expect(reliable(log, [event("1"), event("3"), event("9")])).toEqual([
      "lost event 2 of transaction 11",
      "delivered event 9, which is not in the log",
    ]);
  });

  it("an event that comes twice, also when it was continued too early", () => {
    expect(unique([event("1"), bookmark, event("1")])).toEqual(["delivered event 1 twice"]);
    expect(resumable(log, good.slice(0, 4), good.slice(3))).toContain("delivered event 3 twice");
  });

  it("a subject's events out of order, and no others", () => {
    expect(ordered([event("3"), event("1")])).toEqual(["delivered version 1 of a after 2"]);
    expect(ordered([event("2"), event("1"), event("3")])).toEqual([]);
  });

  it("a bookmark inside a transaction", () => {
    expect(atomic(log, [event("1"), event("2"), bookmark, event("3"), bookmark])).toEqual([
      "bookmark inside transaction 11",
    ]);
  });

  it("an event left out where it was continued", () => {
    expect(resumable(log, good.slice(0, 3), good.slice(4))).toContain("lost event 3 of transaction 11");
  });

  it("silence, and a feed that is no longer caught up", () => {
    const at = (frame: RecordedFrame, ms: number) => ({ at: ms, frame });
    expect(bookmarked([at(replaying, 0), at(event("1"), 400), at(bookmark, 900)], 500)).toEqual([]);
    expect(bookmarked([at(bookmark, 0), at(bookmark, 600)], 500)).toEqual(["nothing for 600 ms"]);
    expect(bookmarked([at(bookmark, 0), at(replaying, 10)], 500)).toEqual(["caughtUp turned false again"]);
  });
});
