import { expect, it } from "vitest";
import { placeApart } from "#features/workflows/graph/place-apart.ts";

const wish = (at: number, weight = 1) => ({ at, weight, apart: 10 });

it("places everything where it wants to be when there is room", () => {
  expect(placeApart([wish(0), wish(50), wish(60)])).toEqual([0, 50, 60]);
});

it("moves those apart that want the same place, around it", () => {
  expect(placeApart([wish(0), wish(0), wish(0)])).toEqual([-10, 0, 10]);
  expect(placeApart([])).toEqual([]);
});

it("lets the heavier one have its way", () => {
  const [first, second] = placeApart([wish(0, 9), wish(0)]);
  expect(first).toBeCloseTo(-1);
  expect(second).toBeCloseTo(9);
});
