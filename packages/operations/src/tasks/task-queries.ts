import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { TASK_STATES, type TaskState } from "@muster/domain/task-lifecycle.ts";
import { type SQL, sql } from "drizzle-orm";
import { authorize, reachOf } from "../authorize.ts";
import { withinReach } from "../caller-values.ts";
import { countsByState } from "../count-by-state.ts";
import { type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
import { type Task, taskColumns } from "./task.ts";
import { chunkColumns, type TaskChunk } from "./task-chunk.ts";
import { filteredTasks, matching, parseTaskFilter, type TaskFilter, tasksOfAgent } from "./task-filter.ts";
import { type TaskOrder, taskOrder } from "./task-order.ts";

const tasksById = statement<Task>(`
  select ${taskColumns("t")} from tasks t
  where t.id = any($1::uuid[]) and ($2::uuid[] is null or t.workspace_id = any($2)) and ($3::uuid[] is null or t.project_id = any($3))`);

/** The task, or null when there is none in the caller's reach. For operations: asks for no permission. */
export async function readTask(connection: Connection, caller: Caller, taskId: string): Promise<Task | null> {
  const [found] = await connection.run(tasksById, [[taskId], ...reachOf(caller)]);
  return found ?? null;
}

/** The tasks with these ids that the caller may see, in any order. */
export async function getTasks(runtime: Runtime, caller: Caller, ids: readonly string[]): Promise<Task[]> {
  caller = authorize(caller, "task.read");
  return runtime.database.run(tasksById, [ids, ...reachOf(caller)]);
}

const NEWEST_FIRST: TaskOrder = { field: "CREATED_AT", direction: "DESC" };

/** Whose tasks: those of projects, those that agents hold or held last and those meant for them, or those that run others again. */
export type TaskScope =
  | { readonly projectIds: readonly string[] }
  | { readonly agentIds: readonly string[] }
  | { readonly replayedIds: readonly string[] };

/** A page of the tasks of each that match the filter; the newest first unless `order` says otherwise. */
export async function listTasks(
  runtime: Runtime,
  caller: Caller,
  scope: TaskScope,
  { filter, order, page }: { filter?: TaskFilter; order?: TaskOrder | null; page: PageArguments },
): Promise<Pages<Task>> {
  caller = authorize(caller, "task.read");
  const { parents, conditions } = scopeOf(scope);
  const parsed = parseTaskFilter(filter);
  return readPages<Task>(
    runtime.database,
    {
      columns: sql.raw(taskColumns("t")),
      from: sql`tasks t`,
      where: matching(caller, parsed),
      ...taskOrder(order ?? NEWEST_FIRST, { conditions, hasIndex: !("projectIds" in scope) }, parsed),
    },
    parents,
    page,
  );
}

function scopeOf(scope: TaskScope): { readonly parents: readonly string[]; readonly conditions: readonly SQL[] } {
  if ("agentIds" in scope) return { parents: scope.agentIds, conditions: tasksOfAgent(PARENT) };
  if ("replayedIds" in scope) return { parents: scope.replayedIds, conditions: [sql`t.replay_of = ${PARENT}`] };
  return { parents: scope.projectIds, conditions: [sql`t.project_id = ${PARENT}`] };
}

export interface TaskStateCount {
  readonly state: TaskState;
  readonly count: number;
}

/** How many tasks of each project match the filter, for each state that a task can be in. */
export async function countTasksByState(
  runtime: Runtime,
  caller: Caller,
  projectIds: readonly string[],
  filter?: TaskFilter,
): Promise<ReadonlyMap<string, TaskStateCount[]>> {
  caller = authorize(caller, "task.read");
  const inScope = sql`t.project_id = any(${sql.param([...projectIds])}::uuid[])`;
  const { from, where, branches } = filteredTasks(caller, [inScope], filter);
  const condition = sql.join([...where, sql`(${sql.join(branches, sql` or `)})`], sql` and `);
  const rows = await runtime.database.query<{ projectId: string; state: TaskState; count: number }>(
    sql`select t.project_id as "projectId", t.state, count(*)::int as count from ${from} where ${condition} group by 1, 2`,
  );
  return countsByState(projectIds, TASK_STATES, rows);
}

/** A page of the partial output of each task that the caller may see, in the order it was streamed. */
export async function listTaskChunks(
  runtime: Runtime,
  caller: Caller,
  taskIds: readonly string[],
  page: PageArguments,
): Promise<Pages<TaskChunk>> {
  caller = authorize(caller, "task.read");
  return readPages<TaskChunk>(
    runtime.database,
    {
      columns: sql.raw(chunkColumns("c")),
      from: sql`task_chunks c join tasks t on t.id = c.task_id`,
      where: [sql`c.task_id = ${PARENT}`, withinReach(caller, "t")],
      orderBy: [{ expression: sql`c.number`, type: "bigint" }],
      direction: "ASC",
    },
    taskIds,
    page,
  );
}
