import { expect, it } from "vitest";
import { byStanding, type QueueLoad, standingOf } from "#features/queues/queue-standing.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const queue = (name: string, more: Partial<QueueLoad> = {}, depth: Partial<QueueLoad["depth"]> = {}): QueueLoad => ({
  name,
  paused: false,
  maxRunning: null,
  ...more,
  depth: { ready: { count: 0 }, running: { count: 0 }, parked: [], oldestReadyAt: null, ...depth },
});
const waiting = { ready: { count: 3 }, oldestReadyAt: "2026-11-21T11:59:50Z" };
const queues = [
  queue("empty"),
  queue("moving", {}, waiting),
  queue("full", { maxRunning: 2 }, { ...waiting, running: { count: 2 } }),
  queue("late", {}, { ...waiting, oldestReadyAt: "2026-11-21T11:50:00Z" }),
  queue("paused", { paused: true }),
  queue("held up", { paused: true }, { parked: [{ count: 1 }] }),
  queue("a parked one", {}, { parked: [{ count: 1 }] }),
];

it("says how a queue stands", () => {
  expect(queues.map((one) => standingOf(one, NOW))).toEqual([
    "EMPTY",
    "MOVING",
    "FULL",
    "LATE",
    "PAUSED",
    "HELD_UP",
    "MOVING",
  ]);
  expect(standingOf(queue("room", { maxRunning: 5 }, waiting), NOW)).toBe("MOVING");
});

it("puts trouble first, and the rest by name", () => {
  expect(byStanding(queues, NOW).map(({ name }) => name)).toEqual([
    "held up",
    "late",
    "full",
    "paused",
    "a parked one",
    "empty",
    "moving",
  ]);
});
