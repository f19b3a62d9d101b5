import { expect, test } from "vitest";
import { jsonProblem } from "#components/schema-form/json-problem.ts";

test.each(['{"a": [1, -2.5e3, "x\\n", true, null, {}, []]}', " 1 ", '""'])("%j is JSON", (text) => {
  expect(jsonProblem(text)).toBeNull();
});

test.each([
  ["", 1, "A value is missing at the end."],
  ['{\n  "a": 1\n  "b": 2\n}', 2, "A comma or } is missing after this."],
  ['{\n  "a": 1,\n}', 3, "No comma may stand before }"],
  ["[1,\n2,\n]", 3, "No comma may stand before ]"],
  ["{\n  a: 1\n}", 2, "A name in double quotes has to stand here."],
  ['{"a" 1}', 1, "A colon has to stand between a name and its value."],
  ['{\n"a": }', 2, "A value is missing before }"],
  ["[\n'x']", 2, "Texts stand in double quotes."],
  ["[\nyes]", 2, "This is no value. Texts stand in double quotes."],
  ["[01]", 1, "This is no value. Texts stand in double quotes."],
  ['{"a": "x\ny"}', 1, "This text does not end, or holds what has to be escaped."],
  ['{\n  "a": [1, 2', 2, "] is missing at the end."],
  ['{"a": 1', 1, "} is missing at the end."],
  ["{}\n{}", 2, "Nothing may follow the value."],
])("says what is wrong with %j", (text, line, message) => {
  expect(jsonProblem(text)).toEqual({ line, message });
});
