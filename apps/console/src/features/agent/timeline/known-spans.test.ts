import { expect, it } from "vitest";
import { carriedOn, clipped, type KnownSpan } from "#features/agent/timeline/known-spans.ts";

const span = (state: KnownSpan["state"], from: number, to: number, event: string | null = null): KnownSpan => ({
  state,
  from,
  to,
  event,
  moves: 1,
});
const move = (id: string, at: number, to: KnownSpan["state"]) => ({ id, at: new Date(at).toISOString(), to });

it("carries spans on by what has happened since, until now", () => {
  const spans = [span("IDLE", 0, 1_000), span("BUSY", 1_000, 5_000, "event_1")];
  expect(carriedOn(spans, [move("event_2", 6_000, "ERROR"), move("event_3", 7_000, "OFFLINE")], 9_000)).toEqual([
    span("IDLE", 0, 1_000),
    span("BUSY", 1_000, 6_000, "event_1"),
    span("ERROR", 6_000, 7_000, "event_2"),
    span("OFFLINE", 7_000, 9_000, "event_3"),
  ]);
});

it("takes no notice of what it knows already", () => {
  const spans = [span("BUSY", 1_000, 5_000, "event_1")];
  const moves = [move("event_0", 500, "IDLE"), move("event_1", 1_000, "BUSY")];
  expect(carriedOn(spans, moves, 5_000)).toEqual(spans);
  expect(carriedOn([], [], 5_000)).toEqual([]);
});

it("cuts off what lies outside", () => {
  const spans = [span("IDLE", 0, 1_000), span("BUSY", 1_000, 5_000), span("IDLE", 5_000, 9_000)];
  expect(clipped(spans, 1_500, 5_000)).toEqual([span("BUSY", 1_500, 5_000)]);
});
