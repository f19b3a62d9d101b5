import { expect, it } from "vitest";
import { filterOf } from "#features/fleet/fleet-search.ts";
import { searchTerms } from "#features/fleet/search-language.ts";

const search = (text: string) => filterOf(searchTerms(text), ["ERROR"]);

it("asks the API for what a search says", () => {
  expect(search('a "b c" capability:x capability:y label:team=core definition:tester version:2')).toEqual({
    problems: [],
    filter: {
      states: ["ERROR"],
      search: "a b c",
      capabilities: ["x", "y"],
      labels: { team: "core" },
      definitionSlug: "tester",
      definitionVersion: 2,
    },
  });
});

it("leaves out what it does not understand, and says so", () => {
  expect(search("label:x").problems).toHaveLength(1);
  expect(search("label:x").filter).toEqual({ states: ["ERROR"] });
});

it("counts one definition only, the last", () => {
  expect(search("definition:one definition:two")).toMatchObject({
    problems: ["An agent has one definition: only the last one counts."],
    filter: { definitionSlug: "two" },
  });
});
