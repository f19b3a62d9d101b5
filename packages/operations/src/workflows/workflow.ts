import { rowColumns } from "@muster/database/row-columns.ts";
import { workflows } from "@muster/database/tables/workflows.ts";

/** A workflow as its row is. */
export type Workflow = typeof workflows.$inferSelect;

/** Most tasks of one workflow. */
export const MAX_STEPS = 1_000;

/** The select list that turns the row `alias` into a `Workflow`. */
export function workflowColumns(alias: string): string {
  return rowColumns(workflows, alias);
}
