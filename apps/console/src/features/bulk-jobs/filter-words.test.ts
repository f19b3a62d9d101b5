import { expect, it } from "vitest";
import { filterFacts } from "#features/bulk-jobs/filter-words.ts";

it("says what had to hold of tasks", () => {
  const filter = {
    states: ["FAILED", "EXPIRED"],
    kinds: ["import"],
    replayed: false,
    createdAfter: "2026-11-21T10:00:00Z",
  };
  expect(filterFacts("tasks", filter)).toEqual([
    { name: "State", text: "Failed or Expired" },
    { name: "Kind", text: "import" },
    { name: "Run again already", text: "no" },
    { name: "Created after", text: "2026-11-21T10:00:00Z" },
  ]);
});

it("says what had to hold of agents", () => {
  const filter = { states: ["ERROR"], capabilities: ["test", "lint"], labels: { team: "core" }, ids: ["agent_1"] };
  expect(filterFacts("agents", filter)).toEqual([
    { name: "State", text: "Error" },
    { name: "Capabilities", text: "test and lint" },
    { name: "Labels", text: "team=core" },
    { name: "Chosen by hand", text: "1 agent" },
  ]);
});

it("is empty for all of them, and shows what it does not know", () => {
  expect(filterFacts("tasks", {})).toEqual([]);
  expect(filterFacts("tasks", null)).toEqual([]);
  expect(filterFacts("tasks", { shape: { round: true } })).toEqual([{ name: "shape", text: '{"round":true}' }]);
});
