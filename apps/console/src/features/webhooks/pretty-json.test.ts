import { expect, it } from "vitest";
import { prettyJson } from "#features/webhooks/pretty-json.ts";

it("puts each member in a line, in its own order", () => {
  expect(prettyJson('{"b":1,"a":[true]}')).toBe('{\n  "b": 1,\n  "a": [\n    true\n  ]\n}');
});

it("leaves what is no JSON as it is", () => {
  expect(prettyJson("<h1>502</h1>")).toBe("<h1>502</h1>");
});
