import { expect, it } from "vitest";
import { readSchema } from "../../components/schema-form/read-schema.ts";
import { schemaRows } from "./schema-rows.ts";

const rows = (schema: unknown) =>
  schemaRows(readSchema(schema)).map(({ name, depth, type, required, limits, default: given }) =>
    [`${"  ".repeat(depth)}${name}${required ? "*" : ""}`, type, limits.join("; "), given ?? ""].join(" | "),
  );

it("tells type, limits and default of each field, and of those within", () => {
  expect(
    rows({
      type: "object",
      required: ["repository"],
      properties: {
        timeoutMs: { type: "integer", minimum: 1000, maximum: 3_600_000, default: 120_000 },
        repository: { type: "string", pattern: "^/", maxLength: 4096 },
        level: { enum: ["low", "high"], default: "low" },
        tags: { type: "array", items: { type: "string", maxLength: 20 }, maxItems: 5, uniqueItems: true },
        limits: { type: "object", properties: { perMinute: { type: ["number", "null"], exclusiveMinimum: 0 } } },
        steps: { type: "array", items: { type: "object", properties: { name: { type: "string" } } } },
        strict: { type: "boolean" },
      },
      additionalProperties: false,
    }),
  ).toEqual([
    "repository* | text | at most 4096 characters; matches ^/ | ",
    "timeoutMs | whole number | at least 1000; at most 3600000 | 120000",
    'level | one of | "low", "high" | "low"',
    "tags | list of text | at most 5 items; each once; each at most 20 characters | ",
    "limits | object |  | ",
    "  perMinute | number or null | above 0 | ",
    "steps | list of object |  | ",
    "  name | text |  | ",
    "strict | yes or no |  | ",
  ]);
});

it("has a line for what is no object, and for properties of any name", () => {
  expect(rows({ type: "string" })).toEqual(["(the whole)* | text |  | "]);
  expect(rows({ type: "object", additionalProperties: { type: "string", maxLength: 255 } })).toEqual([
    "(any other) | text | at most 255 characters | ",
  ]);
  expect(rows({})).toEqual(["(the whole)* | any |  | "]);
  expect(rows({ type: "object", properties: {} })).toEqual([]);
});
