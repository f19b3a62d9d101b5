import { InvalidInput, type InputIssue } from "@muster/domain/errors.ts";
import { describe, expect, it } from "vitest";
import { checkConfig, compileConfigSchema } from "./config-schema.ts";

const issuesOf = (work: () => void): readonly InputIssue[] => {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return error.issues;
    throw error;
  }
};

describe("checkConfig", () => {
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

describe("compileConfigSchema", () => {
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
    compileConfigSchema({ $id: "https://example.org/shared", type: "object" });
    expect(issuesOf(() => compileConfigSchema({ $ref: "https://example.org/shared" }))).toHaveLength(1);
    expect(issuesOf(() => compileConfigSchema({ $id: "https://example.org/shared", type: "object" }))).toEqual([]);
  });
});
