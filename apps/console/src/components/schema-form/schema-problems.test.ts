import { expect, test } from "vitest";
import { readSchema } from "#components/schema-form/read-schema.ts";
import { problemsFrom, schemaProblems } from "#components/schema-form/schema-problems.ts";

const FIELD = readSchema({
  type: "object",
  properties: {
    path: { type: "string", pattern: "^/", maxLength: 5 },
    wait: { type: "integer", minimum: 1, maximum: 10 },
    share: { type: "number", exclusiveMaximum: 1, multipleOf: 0.1 },
    steps: { type: "array", items: { enum: ["a", "b"] }, minItems: 1 },
    limits: { type: "object", properties: { cpu: { type: "number" } }, required: ["cpu"] },
    on: { type: ["boolean", "null"] },
  },
  required: ["path"],
  additionalProperties: false,
});

test("finds nothing wrong with what is right", () => {
  const value = { path: "/a", wait: 10, share: 0.3, steps: ["a"], limits: { cpu: 1, other: "x" }, on: null };
  expect(schemaProblems(FIELD, value)).toEqual([]);
});

test.each([
  [{}, ["path"], "is required."],
  [{ path: "a" }, ["path"], "must match ^/"],
  [{ path: "/12345" }, ["path"], "must have at most 5 characters."],
  [{ path: "/", wait: "soon" }, ["wait"], "must be a number."],
  [{ path: "/", wait: 1.5 }, ["wait"], "must be a whole number."],
  [{ path: "/", wait: 11 }, ["wait"], "must be at most 10."],
  [{ path: "/", share: 1 }, ["share"], "must be less than 1."],
  [{ path: "/", share: 0.25 }, ["share"], "must be a multiple of 0.1."],
  [{ path: "/", steps: [] }, ["steps"], "must have at least 1 item."],
  [{ path: "/", steps: ["a", "c"] }, ["steps", "1"], "must be one of its choices."],
  [{ path: "/", limits: {} }, ["limits", "cpu"], "is required."],
  [{ path: "/", on: "yes" }, ["on"], "must be true or false."],
  [{ path: "/", more: 1 }, ["more"], "is not a property of this."],
  [[], [], "must be an object."],
])("says what is wrong with %j", (value, path, message) => {
  expect(schemaProblems(FIELD, value)).toEqual([{ path, message }]);
});

test("knows no pattern that the browser does not know", () => {
  expect(schemaProblems(readSchema({ type: "string", pattern: "(" }), "x")).toEqual([]);
});

test("puts the API's issues where they belong", () => {
  const issues = [
    { path: ["config"], message: "must have required property 'path'." },
    { path: ["config", "limits"], message: "must NOT have additional properties: gpu." },
    { path: ["config", "wait"], message: "must be <= 10." },
    { path: ["name"], message: "must not be empty." },
  ];
  expect(problemsFrom(issues, ["config"])).toEqual([
    { path: ["path"], message: "is required." },
    { path: ["limits", "gpu"], message: "is not a property of this." },
    { path: ["wait"], message: "must be <= 10." },
  ]);
});
