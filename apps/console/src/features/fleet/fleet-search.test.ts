import { expect, it } from "vitest";
import { filterOf } from "#features/fleet/fleet-search.ts";
import { searchTerms } from "#features/fleet/search-language.ts";

const definitions = new Map([["tester", "def_1"]]);
const search = (text: string, known: ReadonlyMap<string, string> | undefined = definitions) =>
  filterOf(searchTerms(text), ["ERROR"], known);

it("asks the API for what a search says", () => {
  expect(search('a "b c" capability:x capability:y label:team=core definition:tester version:2')).toEqual({
    ready: true,
    problems: [],
    filter: {
      states: ["ERROR"],
      search: "a b c",
      capabilities: ["x", "y"],
      labels: { team: "core" },
      definition: "def_1",
      definitionVersion: 2,
    },
  });
});

it("leaves out what it does not understand, and says so", () => {
  expect(search("label:x").problems).toHaveLength(1);
  expect(search("label:x").filter).toEqual({ states: ["ERROR"] });
});

it("finds nothing of a definition that there is not, and waits while that is not known", () => {
  expect(search("definition:nobody").problems).toEqual(["No definition is called “nobody”."]);
  expect(search("definition:nobody").filter.definition).toMatch(/^def_0+$/);
  expect(filterOf(searchTerms("definition:tester"), [], undefined).ready).toBe(false);
});
