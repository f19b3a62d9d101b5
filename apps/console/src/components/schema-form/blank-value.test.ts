import { expect, test } from "vitest";
import { blankValue } from "#components/schema-form/blank-value.ts";
import { readSchema } from "#components/schema-form/read-schema.ts";

test("begins with what has to be there and is known", () => {
  const schema = {
    type: "object",
    properties: {
      name: { type: "string" },
      on: { type: "boolean" },
      kind: { const: "x" },
      list: { type: "array" },
      wait: { type: "integer", default: 5 },
      left: { type: "integer", default: 5 },
      none: { type: ["string", "null"] },
    },
    required: ["name", "on", "kind", "list", "wait", "none"],
  };
  expect(blankValue(readSchema(schema))).toEqual({ on: false, kind: "x", list: [], wait: 5, none: null });
});
