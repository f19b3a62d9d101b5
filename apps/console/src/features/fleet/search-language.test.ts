import { expect, it } from "vitest";
import { isChip, searchTerms, searchText } from "#features/fleet/search-language.ts";

it("tells text from what narrows by a property", () => {
  expect(searchTerms("tester-0 capability:test label:team=core definition:tester version:v3 state:error")).toEqual([
    { kind: "text", raw: "tester-0", text: "tester-0" },
    { kind: "capability", raw: "capability:test", name: "test" },
    { kind: "label", raw: "label:team=core", name: "team", value: "core" },
    { kind: "definition", raw: "definition:tester", slug: "tester" },
    { kind: "version", raw: "version:v3", number: 3 },
    { kind: "state", raw: "state:error", state: "ERROR" },
  ]);
});

it("takes what stands in quotes as one", () => {
  expect(searchTerms('"two words" label:team="core web" label:"a b"=c')).toEqual([
    { kind: "text", raw: '"two words"', text: "two words" },
    { kind: "label", raw: 'label:team="core web"', name: "team", value: "core web" },
    { kind: "label", raw: 'label:"a b"=c', name: "a b", value: "c" },
  ]);
  expect(searchTerms('"not closed yet')).toEqual([{ kind: "text", raw: '"not closed yet', text: "not closed yet" }]);
  expect(searchTerms('"key:with a colon"')).toMatchObject([{ kind: "text", text: "key:with a colon" }]);
});

it("says what cannot be understood, and how to say it", () => {
  const problems = searchTerms("label:team capability: state:sleeping version:x colour:red").map((term) =>
    term.kind === "wrong" ? term.problem : term.kind,
  );
  expect(problems).toEqual([
    "A label has a name and a value, as in label:team=core.",
    "Say which capability, as in capability:test.",
    "There is no state “sleeping”.",
    "A version is a number, as in version:3.",
    "“colour:” cannot be searched for. Use capability, label, definition, version, state; put a name with a colon in quotes.",
  ]);
});

it("takes an agent's id for text, and nothing for nothing", () => {
  expect(searchTerms("agent_01m6c6qd2s")).toMatchObject([{ kind: "text" }]);
  expect(searchTerms("  ")).toEqual([]);
});

it("is put together again as it was written", () => {
  const search = 'tester label:team="core web" wrong:x';
  expect(searchText(searchTerms(search))).toBe(search);
  expect(searchTerms(search).map(isChip)).toEqual([false, true, true]);
});
