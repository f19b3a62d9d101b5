import { readFileSync } from "node:fs";
import { buildSchema, parse, validate } from "graphql";
import { expect, it } from "vitest";
import documents from "#api/generated/persisted-documents.json" with { type: "json" };

const SCHEMA = new URL("../../../../schema.graphql", import.meta.url);

it("every question of the console is one that the API takes", () => {
  const schema = buildSchema(readFileSync(SCHEMA, "utf8"));
  const problems = Object.values(documents).flatMap((text) => validate(schema, parse(text)).map(String));
  expect(Object.keys(documents).length).toBeGreaterThan(100);
  expect(problems).toEqual([]);
});
