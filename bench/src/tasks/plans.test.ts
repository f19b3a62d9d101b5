import { createTestDatabase } from "@muster/database/test-database.ts";
import { expect, it } from "vitest";
import { allowConcurrency, createFleet } from "../fleet.ts";
import { EXPLAINED_AGENT, EXPLAINED_TASKS, explainLife } from "./explain-life.ts";
import { fillTable } from "./large-table.ts";
import { faultsOf, nodesOf, type PlanNode } from "./plan-node.ts";

const node = (fields: object): PlanNode => ({
  "Node Type": "Result",
  "Actual Rows": 1,
  "Actual Loops": 1,
  "Shared Hit Blocks": 1,
  "Shared Read Blocks": 0,
  ...fields,
});

it("takes a plan for a bad one that reads what it does not need", () => {
  const onTasks = { "Relation Name": "tasks" };
  expect(faultsOf(node({ "Node Type": "Seq Scan", ...onTasks }), 10)).toEqual(["Seq Scan on tasks"]);
  const oneByOne = { "Node Type": "Index Scan", ...onTasks, "Index Name": "tasks_project_id_run_at_index" };
  expect(faultsOf(node({ ...oneByOne, "Actual Loops": 10 }), 10)).toHaveLength(1);
  expect(faultsOf(node({ ...oneByOne, "Index Name": "tasks_pkey", "Actual Loops": 10 }), 10)).toEqual([]);
  const inVain = { "Node Type": "Index Scan", ...onTasks, "Index Name": "tasks_pkey", "Actual Loops": 100 };
  expect(faultsOf(node({ ...inVain, "Rows Removed by Filter": 50 }), 10)).toHaveLength(1);
  expect(faultsOf(node({ ...inVain, "Rows Removed by Filter": 1 }), 10)).toEqual([]);
  expect(faultsOf(node({ Plans: [node({ "Node Type": "Sort", "Actual Rows": 5_000 })] }), 10)).toHaveLength(1);
});

it.each([
  ["statistics know that many wait", true],
  ["statistics say that none waits", false],
])(
  "creates, claims, starts, sweeps and completes tasks without reading past what it needs, when %s",
  async (_, analyze) => {
    const database = await createTestDatabase();
    try {
      await createFleet(database.url);
      await allowConcurrency(database.url, [EXPLAINED_AGENT], EXPLAINED_TASKS);
      await fillTable(database.url, { finished: 20_000, waiting: 0 });
      await fillTable(database.url, { finished: 0, waiting: 6_000, analyze });
      const explained = await explainLife(database.url);
      expect([...new Set(explained.map(({ step }) => step))]).toEqual([
        "create",
        "claim",
        "start",
        "sweep",
        "complete",
      ]);
      const indexes = new Set(explained.flatMap(({ plan }) => [...nodesOf(plan)].map((each) => each["Index Name"])));
      expect(indexes).toContain("tasks_lane_index");
      const faults = explained.flatMap(({ step, plan }) =>
        faultsOf(plan, EXPLAINED_TASKS).map((fault) => `${step}: ${fault}`),
      );
      expect(faults).toEqual([]);
    } finally {
      await database.drop();
    }
  },
  120_000,
);
