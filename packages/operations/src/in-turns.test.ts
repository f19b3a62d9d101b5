import { expect, it } from "vitest";
import { InTurns } from "./in-turns.ts";

const named = (count: number, from = 0) =>
  new Map(Array.from({ length: count }, (_, place) => [`key ${place + from}`, null]));

it("gives all with each call while they are few", () => {
  const turns = new InTurns({ calls: 10, least: 100 });
  const few = named(100);
  for (let call = 0; call < 3; call += 1) expect(turns.take(few).toSorted()).toEqual([...few.keys()].toSorted());
});

it("gives each one once in so many calls, and no more at a time than that takes", () => {
  const turns = new InTurns({ calls: 10, least: 100 });
  const many = named(2_500);
  const taken = Array.from({ length: 10 }, () => turns.take(many));
  expect(new Set(taken.flat())).toEqual(new Set(many.keys()));
  for (const { length } of taken) expect(length).toBe(250);
});

it("keeps its word when most have left, and comes to those who have joined", () => {
  const turns = new InTurns({ calls: 10, least: 100 });
  turns.take(named(5_000));
  const others = named(500, 4_000);
  const joined = named(500, 9_000);
  const now = new Map([...others, ...joined]);
  const taken = Array.from({ length: 20 }, () => turns.take(now));
  expect([...others.keys()].filter((key) => !taken.slice(0, 10).flat().includes(key))).toEqual([]);
  expect(new Set(taken.flat())).toEqual(new Set(now.keys()));
});
