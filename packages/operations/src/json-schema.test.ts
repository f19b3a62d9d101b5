import { InvalidInput, type InputIssue } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { describe, expect, it } from "vitest";
import { checkAgainstSchema, checkJsonSchema, type JsonSchema } from "./json-schema.ts";

const issuesOf = (work: () => void): readonly InputIssue[] => {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return error.issues;
    throw error;
  }
};

const checkConfig = (schema: JsonSchema, config: Json) => checkAgainstSchema(schema, config, ["config"]);
const compileSchema = (schema: JsonSchema) => checkJsonSchema(schema, ["schema"]);

describe("checkAgainstSchema", () => {
  const schema = {
    type: "object",
    required: ["url"],
    additionalProperties: false,
    properties: {
      url: { type: "string", format: "uri" },
      level: { enum: ["low", "high"] },
      "a/b": { type: "array", items: { type: "integer", minimum: 1 } },
    },
  };

  it("accepts what matches", () => {
    expect(issuesOf(() => checkConfig(schema, { url: "https://example.org", level: "low", "a/b": [1] }))).toEqual([]);
    expect(issuesOf(() => checkConfig({}, { anything: 1 }))).toEqual([]);
  });

  it("says everything that does not, and where", () => {
    const issues = issuesOf(() => checkConfig(schema, { level: "middle", "a/b": [1, 0, "x"], extra: true }));
    expect(issues).toEqual(
      expect.arrayContaining([
        { path: ["config"], message: "must have required property 'url'." },
        { path: ["config"], message: "must NOT have additional properties: extra." },
        { path: ["config", "level"], message: 'must be equal to one of the allowed values: "low", "high".' },
        { path: ["config", "a/b", "1"], message: "must be >= 1." },
        { path: ["config", "a/b", "2"], message: "must be integer." },
      ]),
    );
    expect(issuesOf(() => checkConfig(schema, { url: "no uri" }))).toEqual([
      { path: ["config", "url"], message: 'must match format "uri".' },
    ]);
  });

  it("stops at 20 issues", () => {
    const many = { items: Array.from({ length: 100 }, () => "x") };
    expect(issuesOf(() => checkConfig({ properties: { items: { items: { type: "integer" } } } }, many))).toHaveLength(
      20,
    );
  });
});

describe("checkJsonSchema", () => {
  it("knows both drafts", () => {
    const tuple = { properties: { pair: { prefixItems: [{ type: "string" }], items: false } } };
    const newer = { $schema: "https://json-schema.org/draft/2020-12/schema", ...tuple };
    expect(issuesOf(() => checkConfig(newer, { pair: ["a", "b"] }))).toHaveLength(1);
    expect(
      issuesOf(() =>
        checkConfig(
          { $schema: "http://json-schema.org/draft-07/schema#", properties: { a: { type: "null" } } },
          { a: 1 },
        ),
      ),
    ).toHaveLength(1);
  });

  it("follows references within the schema", () => {
    const schema = { $ref: "#/definitions/config", definitions: { config: { required: ["a"] } } };
    expect(issuesOf(() => checkConfig(schema, {}))).toHaveLength(1);
  });

  it("does not let one schema answer another's reference", () => {
    compileSchema({ $id: "https://example.org/shared", type: "object" });
    expect(issuesOf(() => compileSchema({ $ref: "https://example.org/shared" }))).toHaveLength(1);
    expect(issuesOf(() => compileSchema({ $id: "https://example.org/shared", type: "object" }))).toEqual([]);
  });
});

describe("a hostile schema", () => {
  const levels = Array.from({ length: 40 }, (_, at) => [
    `l${at}`,
    { allOf: [1, 2].map(() => ({ $ref: `#/definitions/l${at + 1}` })) },
  ]);

  it.each<[string, JsonSchema, Json, string]>([
    ["a pattern that backtracks", { pattern: "^(a+)+$" }, `${"a".repeat(50)}b`, "takes longer than 1000 ms"],
    [
      "references that multiply",
      { definitions: { ...Object.fromEntries(levels), l40: { type: "string" } }, $ref: "#/definitions/l0" },
      1,
      "takes longer than 1000 ms",
    ],
    [
      "elements compared with each other",
      { uniqueItems: true },
      Array.from({ length: 60_000 }, (_, at) => ({ at })),
      "takes longer than 1000 ms",
    ],
    ["a reference to itself", { allOf: [{ $ref: "#" }] }, 1, "refers to itself without end"],
  ])("cannot keep others waiting: %s", (_name, schema, data, message) => {
    const began = performance.now();
    const issues = issuesOf(() => checkAgainstSchema(schema, data, ["data"]));
    expect(issues).toEqual([{ path: ["data"], message: expect.stringContaining(message) as string }]);
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(issuesOf(() => checkAgainstSchema({ type: "string" }, 1, ["data"]))).toHaveLength(1);
  });

  it("is refused when it is none", () => {
    for (const schema of [
      { type: "text" },
      { $schema: "https://example.org" },
      { $async: true },
      { pattern: "(" },
      { $ref: "#/no" },
    ]) {
      const [issue] = issuesOf(() => checkJsonSchema(schema, ["schema"]));
      expect(issue?.path[0]).toBe("schema");
    }
  });
});
