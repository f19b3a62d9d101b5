import { GraphQLError } from "graphql";
import { describe, expect, it } from "vitest";
import { checkDocument } from "./document-limits.ts";

describe("checkDocument", () => {
  it("passes what people write", () => {
    expect(() =>
      checkDocument('query ($a: [Int!]) { viewer { actor { name } } node(id: "}{][") { id } }'),
    ).not.toThrow();
  });

  it("passes 60 nested brackets and refuses 61, whatever kind they are", () => {
    for (const [open, close] of ["{}", "[]", "()"].map((pair) => pair.split("") as [string, string])) {
      expect(() => checkDocument(open.repeat(60) + close.repeat(60))).not.toThrow();
      expect(() => checkDocument(open.repeat(61) + close.repeat(61))).toThrow(/60 nested brackets/);
    }
  });

  it("counts brackets that are open, not all there are", () => {
    expect(() => checkDocument("{}".repeat(1_000))).not.toThrow();
  });

  it("refuses more than 10,000 tokens", () => {
    expect(() => checkDocument("a ".repeat(10_000))).not.toThrow();
    expect(() => checkDocument("a ".repeat(10_001))).toThrow(/10000 tokens/);
  });

  it("reads a million brackets without exhausting the stack", () => {
    expect(() => checkDocument("[".repeat(1_000_000))).toThrow(GraphQLError);
  });
});
