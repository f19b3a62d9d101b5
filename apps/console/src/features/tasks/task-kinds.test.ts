import { expect, it } from "vitest";
import { taskKindsOf } from "#features/tasks/task-kinds.ts";

it("finds the kinds that definitions describe, and their capabilities", () => {
  const inputSchema = { type: "object" };
  const metadata = {
    tasks: { build: { description: "Builds", inputSchema }, plan: { description: 5, inputSchema: "x" } },
  };
  expect(taskKindsOf([{ name: "Builder", capabilities: ["build", "ship"], metadata }])).toEqual([
    { kind: "build", definition: "Builder", description: "Builds", inputSchema },
    { kind: "plan", definition: "Builder", description: null, inputSchema: null },
    { kind: "ship", definition: "Builder", description: null, inputSchema: null },
  ]);
});

it.each([null, 5, "x", [], { tasks: null }, { tasks: [] }, { tasks: { a: null } }])(
  "makes nothing of metadata like %j",
  (metadata) => {
    expect(
      taskKindsOf([{ name: "X", capabilities: [], metadata }]).every(({ inputSchema }) => inputSchema === null),
    ).toBe(true);
  },
);
