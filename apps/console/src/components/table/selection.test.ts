import { expect, it } from "vitest";
import {
  extendTo,
  isSelected,
  MOST_SELECTED,
  NOTHING_SELECTED,
  toggleLoaded,
  toggleRow,
} from "#components/table/selection.ts";

const loaded = ["a", "b", "c", "d", "e"];
const ids = ({ ids: chosen }: { readonly ids: ReadonlySet<string> }) => [...chosen].sort().join("");

it("takes a row in and out", () => {
  const one = toggleRow(NOTHING_SELECTED, "b", loaded);
  expect(ids(one)).toBe("b");
  expect(ids(toggleRow(one, "b", loaded))).toBe("");
});

it("takes in all between the last row and this one, upwards and downwards", () => {
  const one = toggleRow(NOTHING_SELECTED, "d", loaded);
  expect(ids(extendTo(one, "b", loaded))).toBe("bcd");
  expect(ids(extendTo(extendTo(one, "e", loaded), "c", loaded))).toBe("cde");
});

it("takes in the row alone when there is nothing to reach from", () => {
  expect(ids(extendTo(NOTHING_SELECTED, "c", loaded))).toBe("c");
  expect(ids(extendTo(toggleRow(NOTHING_SELECTED, "gone", loaded), "c", loaded))).toBe("cgone");
});

it("chooses all that match, and of these keeps the loaded ones when one is left out", () => {
  const all = { ...NOTHING_SELECTED, all: true };
  expect(isSelected(all, "not loaded")).toBe(true);
  expect(ids(toggleRow(all, "c", loaded))).toBe("abde");
});

it("chooses all that are loaded, and then none", () => {
  const all = toggleLoaded(toggleRow(NOTHING_SELECTED, "c", loaded), loaded);
  expect(ids(all)).toBe("abcde");
  expect(toggleLoaded(all, loaded)).toBe(NOTHING_SELECTED);
});

it("never chooses more rows one by one than can be asked for", () => {
  const many = Array.from({ length: MOST_SELECTED + 50 }, (_, index) => `row-${index}`);
  const all = toggleLoaded(NOTHING_SELECTED, many);
  expect(all.ids.size).toBe(MOST_SELECTED);
  expect(toggleRow(all, "row-1010", many).ids.size).toBe(MOST_SELECTED);
  expect(extendTo(toggleRow(NOTHING_SELECTED, "row-0", many), "row-1040", many).ids.size).toBe(MOST_SELECTED);
});
