import { expect, test } from "vitest";
import { readSchema } from "#components/schema-form/read-schema.ts";

const WORDS = { title: null, description: null, default: undefined, nullable: false };

test("reads the config of a shipped agent", () => {
  const field = readSchema({
    type: "object",
    properties: {
      repository: { type: "string", pattern: "^/", maxLength: 4096, description: "Where it is" },
      timeoutMs: { type: "integer", minimum: 1000, maximum: 3600000, default: 120000 },
    },
    required: ["repository"],
    additionalProperties: false,
  });
  expect(field).toMatchObject({
    kind: "group",
    others: null,
    properties: [
      { name: "repository", required: true, field: { kind: "text", pattern: "^/", maxLength: 4096 } },
      { name: "timeoutMs", required: false, field: { kind: "number", whole: true, default: 120000, minimum: 1000 } },
    ],
  });
});

test.each([
  [{ enum: ["a", "b"] }, { kind: "choice", options: ["a", "b"] }],
  [{ const: 1 }, { kind: "choice", options: [1] }],
  [{ type: "boolean" }, { kind: "flag" }],
  [
    { type: "number", exclusiveMinimum: 0 },
    { kind: "number", whole: false, minimum: 0, above: true },
  ],
  [{ type: ["string", "null"] }, { kind: "text", nullable: true }],
  [
    { anyOf: [{ type: "integer" }, { type: "null" }], title: "N" },
    { kind: "number", nullable: true, title: "N" },
  ],
  [
    { enum: ["a", null], type: ["string", "null"] },
    { kind: "choice", options: ["a"], nullable: true },
  ],
  [
    { items: { type: "string" }, maxItems: 3 },
    { kind: "list", item: { kind: "text" }, maxItems: 3, unique: false },
  ],
  [{ type: "object" }, { kind: "group", properties: [], others: { kind: "any", long: false } }],
  [
    { additionalProperties: { type: "string" }, type: "object" },
    { kind: "group", others: { kind: "text" } },
  ],
])("asks for %j as what it is", (schema, field) => {
  expect(readSchema(schema)).toMatchObject(field);
});

test.each([
  null,
  "text",
  { oneOf: [{ type: "string" }, { type: "integer" }] },
  { type: "object", allOf: [{}] },
  { type: ["string", "integer"] },
  { enum: [{ a: 1 }] },
  { $ref: "https://elsewhere.example/schema" },
  { $ref: "#" },
  { $ref: "#/$defs/none" },
])("asks for %j as JSON", (schema) => {
  expect(readSchema(schema)).toEqual({ ...WORDS, kind: "any", long: true });
});

test("follows references within the schema", () => {
  const schema = {
    properties: { port: { $ref: "#/$defs/port", title: "Port" } },
    $defs: { port: { type: "integer" } },
  };
  expect(readSchema(schema)).toMatchObject({ properties: [{ field: { kind: "number", whole: true, title: "Port" } }] });
});

test("ends where a schema refers to itself", () => {
  const tree = { type: "object", properties: { child: { $ref: "#" } } };
  let [field, depth] = [readSchema(tree), 0];
  while (field.kind === "group") {
    depth += 1;
    field = field.properties[0]?.field ?? { ...WORDS, kind: "any", long: true };
  }
  expect([field.kind, depth]).toEqual(["any", 5]);
});
