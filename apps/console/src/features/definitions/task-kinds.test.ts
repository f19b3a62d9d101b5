import { expect, it } from "vitest";
import { taskKinds } from "./task-kinds.ts";

it("reads what metadata says of tasks", () => {
  expect(
    taskKinds({
      tasks: {
        plan: { description: "Plans", inputSchema: { type: "object" } },
        build: { description: "Builds", input: { commit: "a sha", depth: 3 } },
        odd: 7,
        said: "In one sentence",
      },
    }),
  ).toEqual([
    {
      kind: "build",
      description: "Builds",
      schema: null,
      input: [
        { name: "commit", text: "a sha" },
        { name: "depth", text: "3" },
      ],
    },
    { kind: "odd", description: null, schema: null, input: [] },
    { kind: "plan", description: "Plans", schema: { type: "object" }, input: [] },
    { kind: "said", description: "In one sentence", schema: null, input: [] },
  ]);
});

it.each([null, undefined, [], "x", { tasks: [] }, { tasks: null }])("finds none in %j", (metadata) => {
  expect(taskKinds(metadata)).toEqual([]);
});
