import { expect, it } from "vitest";
import { operationPayload } from "./operation-payload.ts";

it("sends the hash of a known document in place of its text, and the text of any other", () => {
  const persisted = (query: string) => (query === "{ known }" ? "ab".repeat(32) : null);
  expect(operationPayload("{ other }", { a: 1 })).toEqual({ query: "{ other }", variables: { a: 1 } });
  expect(operationPayload("{ other }", {}, persisted)).toEqual({ query: "{ other }", variables: {} });
  expect(operationPayload("{ known }", { a: 1 }, persisted)).toEqual({
    query: "",
    variables: { a: 1 },
    extensions: { persistedQuery: { version: 1, sha256Hash: "ab".repeat(32) } },
  });
});
