import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { sql } from "drizzle-orm";
import { authorize, reachOf } from "../authorize.ts";
import { withinReach } from "../caller-values.ts";
import { type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
import { type Task, taskColumns } from "../tasks/task.ts";

const dependencies = statement<Task & { dependentId: string }>(`
  select d.task_id as "dependentId", ${taskColumns("t")} from task_dependencies d join tasks t on t.id = d.depends_on_id
  where d.task_id = any($1::uuid[]) and ($2::uuid[] is null or t.workspace_id = any($2)) and ($3::uuid[] is null or t.project_id = any($3))
  order by d.task_id, t.id`);

/** What each of these tasks depends on: at most `MAX_DEPENDENCIES` tasks each, in the order of their ids. */
export async function getDependencies(
  runtime: Runtime,
  caller: Caller,
  taskIds: readonly string[],
): Promise<ReadonlyMap<string, Task[]>> {
  caller = authorize(caller, "task.read");
  const rows = await runtime.database.run(dependencies, [taskIds, ...reachOf(caller)]);
  const found = new Map<string, Task[]>(taskIds.map((id) => [id, []]));
  for (const { dependentId, ...task } of rows) found.get(dependentId)?.push(task);
  return found;
}

/** A page of those that depend on each of these tasks, in the order of their ids. */
export async function listDependents(
  runtime: Runtime,
  caller: Caller,
  taskIds: readonly string[],
  page: PageArguments,
): Promise<Pages<Task>> {
  caller = authorize(caller, "task.read");
  return readPages<Task>(
    runtime.database,
    {
      columns: sql.raw(taskColumns("t")),
      from: sql`task_dependencies d join tasks t on t.id = d.task_id`,
      where: [sql`d.depends_on_id = ${PARENT}`, withinReach(caller, "t")],
      orderBy: [{ expression: sql`d.task_id`, type: "uuid" }],
      direction: "ASC",
    },
    taskIds,
    page,
  );
}
