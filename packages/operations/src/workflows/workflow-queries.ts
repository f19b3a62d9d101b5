import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { parseId } from "@muster/domain/ids.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { WORKFLOW_STATES } from "@muster/domain/workflow-lifecycle.ts";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { withinReach } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import { type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
import { type Workflow, workflowColumns } from "./workflow.ts";

const workflowsById = statement<Workflow>(`
  select ${workflowColumns("w")} from workflows w
  where w.id = any($1::uuid[]) and ($2::uuid[] is null or w.workspace_id = any($2)) and ($3::uuid[] is null or w.project_id = any($3))`);

/** The workflow, or null when there is none in the caller's reach. For operations: asks for no permission. */
export async function readWorkflow(
  connection: Connection,
  caller: Caller,
  workflowId: string,
): Promise<Workflow | null> {
  const [found] = await connection.run(workflowsById, [[workflowId], ...reachOf(caller)]);
  return found ?? null;
}

/** The workflows with these ids that the caller may see, in any order. */
export async function getWorkflows(runtime: Runtime, caller: Caller, ids: readonly string[]): Promise<Workflow[]> {
  caller = authorize(caller, "task.read");
  return runtime.database.run(workflowsById, [ids, ...reachOf(caller)]);
}

const WorkflowFilterSchema = z.object({
  states: z.array(z.enum(WORKFLOW_STATES)).nullish(),
  search: text(200, 0).nullish(),
});

/** Which workflows. `search`: an id, or how the name begins. An empty list of states matches nothing; null or absent means any. */
export type WorkflowFilter = z.input<typeof WorkflowFilterSchema>;

/** A page of each project's workflows that match the filter, the newest first. */
export async function listWorkflows(
  runtime: Runtime,
  caller: Caller,
  projectIds: readonly string[],
  { filter, page }: { filter?: WorkflowFilter | undefined; page: PageArguments },
): Promise<Pages<Workflow>> {
  caller = authorize(caller, "task.read");
  const { states, search } = parseInput(WorkflowFilterSchema, filter ?? {});
  const where = [sql`w.project_id = ${PARENT}`, withinReach(caller, "w")];
  if (search) where.push(searched(search.trim()));
  if (states?.length === 0) where.push(sql`false`);
  return readPages<Workflow>(
    runtime.database,
    {
      columns: sql.raw(workflowColumns("w")),
      from: sql`workflows w`,
      where,
      branches:
        states && states.length > 0 ? [...new Set(states)].map((state) => sql`w.state = ${state}`) : [sql`true`],
      orderBy: [
        { expression: sql`w.created_at`, type: "timestamptz" },
        { expression: sql`w.id`, type: "uuid" },
      ],
      direction: "DESC",
    },
    projectIds,
    page,
  );
}

function searched(search: string): SQL {
  const id = parseId("workflow", search) ?? z.guid().safeParse(search).data;
  return id ? sql`w.id = ${id}` : sql`starts_with(w.name, ${search})`;
}
