import { expect, it } from "vitest";
import { comparedVersions, definitionView } from "./definition-view.ts";

it("takes an unknown part for the first one", () => {
  expect(definitionView(new URLSearchParams("tab=versions&compare=1..2"))).toMatchObject({
    tab: "versions",
    compare: "1..2",
  });
  expect(definitionView(new URLSearchParams("tab=nonsense")).tab).toBe("about");
});

it.each([
  ["2..5", [2, 5]],
  ["5..2", [2, 5]],
  ["2..2", null],
  ["0..2", null],
  ["2..", null],
  ["a..b", null],
  [undefined, null],
])("reads %s as two versions, the older one first", (text, expected) => {
  expect(comparedVersions(text)).toEqual(expected);
});
