import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { DependencyCondition } from "@muster/domain/dependency-condition.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { TASK_STATES, type TaskState } from "@muster/domain/task-lifecycle.ts";
import { sql } from "drizzle-orm";
import { authorize, reachOf } from "../authorize.ts";
import { withinReach } from "../caller-values.ts";
import { countsByState } from "../count-by-state.ts";
import { type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
import { type Task, taskColumns } from "../tasks/task.ts";
import type { TaskStateCount } from "../tasks/task-queries.ts";

const IN_REACH = "($2::uuid[] is null or t.workspace_id = any($2)) and ($3::uuid[] is null or t.project_id = any($3))";

/** A page of the tasks of each workflow, in the order of its steps. */
export async function listWorkflowTasks(
  runtime: Runtime,
  caller: Caller,
  workflowIds: readonly string[],
  page: PageArguments,
): Promise<Pages<Task>> {
  caller = authorize(caller, "task.read");
  return readPages<Task>(
    runtime.database,
    {
      columns: sql.raw(taskColumns("t")),
      from: sql`tasks t`,
      where: [sql`t.workflow_id = ${PARENT}`, withinReach(caller, "t")],
      orderBy: [{ expression: sql`t.id`, type: "uuid" }],
      direction: "ASC",
    },
    workflowIds,
    page,
  );
}

const counts = statement<{ projectId: string; state: TaskState; count: number }>(`
  select t.workflow_id as "projectId", t.state, count(*)::int as count from tasks t
  where t.workflow_id = any($1::uuid[]) and ${IN_REACH} group by 1, 2`);

/** How many tasks of each workflow are in each state. */
export async function countWorkflowTasks(
  runtime: Runtime,
  caller: Caller,
  workflowIds: readonly string[],
): Promise<ReadonlyMap<string, TaskStateCount[]>> {
  caller = authorize(caller, "task.read");
  const rows = await runtime.database.run(counts, [workflowIds, ...reachOf(caller)]);
  return countsByState(workflowIds, TASK_STATES, rows);
}

/** A step of a workflow, without what its task may hold: a graph has up to a thousand. */
export interface GraphNode {
  readonly workflowId: string;
  readonly taskId: string;
  readonly step: string;
  readonly kind: string;
  readonly state: TaskState;
  readonly stateSince: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** The step `to` waits for the step `from`. */
export interface GraphEdge {
  readonly workflowId: string;
  readonly from: string;
  readonly to: string;
  readonly condition: DependencyCondition;
}

export interface WorkflowGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

const nodesOf = statement<GraphNode>(`
  select t.workflow_id as "workflowId", t.id as "taskId", t.workflow_step as step, t.kind, t.state,
    t.state_since as "stateSince", t.started_at as "startedAt", t.finished_at as "finishedAt" from tasks t
  where t.workflow_id = any($1::uuid[]) and ${IN_REACH} order by t.id`);

const edgesOf = statement<GraphEdge>(`
  select t.workflow_id as "workflowId", n.workflow_step as "from", t.workflow_step as "to", t.dependency_condition as condition
  from tasks t join task_dependencies d on d.task_id = t.id join tasks n on n.id = d.depends_on_id
  where t.workflow_id = any($1::uuid[]) and ${IN_REACH} order by t.id, n.id`);

/** The graph of each workflow. */
export async function getWorkflowGraphs(
  runtime: Runtime,
  caller: Caller,
  workflowIds: readonly string[],
): Promise<ReadonlyMap<string, WorkflowGraph>> {
  caller = authorize(caller, "task.read");
  const values = [workflowIds, ...reachOf(caller)];
  const [nodes, edges] = await Promise.all([
    runtime.database.run(nodesOf, values),
    runtime.database.run(edgesOf, values),
  ]);
  const nodesById = Map.groupBy(nodes, ({ workflowId }) => workflowId);
  const edgesById = Map.groupBy(edges, ({ workflowId }) => workflowId);
  return new Map(workflowIds.map((id) => [id, { nodes: nodesById.get(id) ?? [], edges: edgesById.get(id) ?? [] }]));
}
