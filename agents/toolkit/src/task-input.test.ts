import { expect, it } from "vitest";
import { commitInput, parseConfiguration, parseTaskInput } from "./task-input.ts";

it("fills in defaults", () => {
  for (const input of [undefined, null, {}]) expect(parseTaskInput(commitInput, input)).toEqual({ commit: "HEAD" });
  expect(parseConfiguration({ repository: "/demo", other: 1 })).toEqual({ repository: "/demo", timeoutMs: 120_000 });
});

it("names every issue", () => {
  expect(() => parseTaskInput(commitInput, { repository: "demo", commit: "a\0b", rev: 1 })).toThrow(
    /input\.repository: must be an absolute path; input\.commit: must not contain control characters; input: .*"rev"/,
  );
  expect(() => parseConfiguration({ timeoutMs: 1 })).toThrow(/configuration\.repository: .*configuration\.timeoutMs: /);
  expect(() => parseTaskInput(commitInput, { commit: "\uD800" })).toThrow(/input\.commit/);
});
