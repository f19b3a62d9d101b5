import { expect, it } from "vitest";
import { evenOrder } from "./even-order.ts";

const file = (path: string, bytes: number) => ({ path: `/muster/${path}`, bytes });
const names = (files: readonly { path: string }[]) => files.map(({ path }) => path.slice("/muster/".length));

it("begins with what is large, and with the soak before that", () => {
  const files = [file("packages/small.test.ts", 10), file("soak/short.test.ts", 1), file("packages/large.test.ts", 90)];
  expect(names(evenOrder(files))).toEqual(["soak/short.test.ts", "packages/large.test.ts", "packages/small.test.ts"]);
});

it("begins with the screens that are examined when only browser tests run", () => {
  const files = [file("e2e/src/bulk.test.ts", 90), file("e2e/src/every-page.test.ts", 50)];
  expect(names(evenOrder(files))).toEqual(["e2e/src/every-page.test.ts", "e2e/src/bulk.test.ts"]);
});

it("spreads what has a browser among the others, and ends without", () => {
  const light = Array.from({ length: 50 }, (_, index) => file(`packages/${index}.test.ts`, 100));
  const heavy = Array.from({ length: 10 }, (_, index) => file(`e2e/src/${index}.test.ts`, 100 + index));
  const order = names(evenOrder([...light, ...heavy]));
  expect(order.toSorted()).toEqual(names([...light, ...heavy]).toSorted());
  const places = order.flatMap((name, place) => (name.startsWith("e2e/") ? [place] : []));
  expect(order[0]).toBe("e2e/src/9.test.ts");
  for (const [index, place] of places.slice(1).entries()) expect(place - places[index]!).toBe(5);
  expect(places.at(-1)).toBe(45);
});

it("leaves out none when there is nothing else", () => {
  expect(names(evenOrder([file("e2e/a", 1), file("e2e/b", 2)]))).toEqual(["e2e/b", "e2e/a"]);
  expect(evenOrder([])).toEqual([]);
});
