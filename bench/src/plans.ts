import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { withBenchDatabase } from "./bench-database.ts";
import { allowConcurrency, createFleet } from "./fleet.ts";
import type { Figure } from "./report.ts";
import { EXPLAINED_AGENT, EXPLAINED_TASKS, explainLife } from "./tasks/explain-life.ts";
import type { ExplainedStatement } from "./tasks/explaining-database.ts";
import { fillTable, LARGE } from "./tasks/large-table.ts";
import { buffersOf, drawPlan, faultsOf } from "./tasks/plan-node.ts";

const PAGE = fileURLToPath(new URL("../../docs/tasks-engine-plans.md", import.meta.url));

/**
 * What Postgres does for the statements of a task's life on a large table, written to docs/tasks-engine-plans.md. Throws when one of
 * them reads more than it is about.
 */
export async function run(): Promise<Figure[]> {
  const explained = await withBenchDatabase(async (url) => {
    await createFleet(url);
    await allowConcurrency(url, [EXPLAINED_AGENT], EXPLAINED_TASKS);
    await fillTable(url, LARGE);
    return explainLife(url);
  });
  await writeFile(PAGE, page(explained));
  const faults = explained.flatMap(({ step, plan }) =>
    faultsOf(plan, EXPLAINED_TASKS).map((fault) => `${step}: ${fault}`),
  );
  if (faults.length > 0) throw new Error(`Plans that are slower the larger the tables are:\n${faults.join("\n")}`);
  const buffers = Map.groupBy(explained, ({ step }) => step);
  return [...buffers].map(([step, statements]) => ({
    name: `plans.${step}.buffers_per_task`,
    value:
      statements.filter((_, index) => index % 2 === 0).reduce((sum, { plan }) => sum + buffersOf(plan), 0) /
      EXPLAINED_TASKS,
    unit: "buffers",
  }));
}

function page(explained: readonly ExplainedStatement[]): string {
  const generic = explained.filter((_, index) => index % 2 === 0);
  const sections = generic.map(({ step, plan }, number) => {
    const perTask = (buffersOf(plan) / EXPLAINED_TASKS).toFixed(1);
    const title = `## ${number + 1}. ${step}: ${buffersOf(plan)} buffers, ${perTask} for each task`;
    return [title, ["```", drawPlan(plan), "```"].join("\n")].join("\n\n");
  });
  return [
    "# What the task engine's statements read",
    "",
    `\`npm run bench -- plans\` writes this page and fails when a plan is bad. The table holds ${LARGE.finished.toLocaleString("en")} finished and ${LARGE.waiting.toLocaleString("en")} waiting tasks; each statement is about ${EXPLAINED_TASKS} tasks at once, of one agent out of ten thousand.`,
    "",
    "What has to hold, with plans for any values and with plans for the values at hand: no sequential scan of a table that grows, no sort of more than what is handed out, and no index that is read past what is needed.",
    "Rows are those of all loops together; buffers are 8 KiB pages, found in memory or not, of a node and all below it.",
    "",
    sections.join("\n\n"),
    "",
  ].join("\n");
}
