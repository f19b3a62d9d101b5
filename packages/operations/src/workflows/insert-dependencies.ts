import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { reachOf } from "../authorize.ts";
import type { OperationSettings } from "../settings.ts";
import type { ParsedTask } from "../tasks/create-task-input.ts";
import type { CreatedTask } from "../tasks/insert-tasks.ts";
import { ENDED, type Task, taskColumns } from "../tasks/task.ts";
import { applyVerdicts } from "./apply-verdicts.ts";
import { verdictsOnTasks } from "./dependency-verdicts.ts";

/** A task that waits for others. */
export interface Dependent {
  readonly taskId: string;
  readonly dependsOn: readonly string[];
}

// Whoever ends one of them has either done so before, or finds out afterwards that others wait for it.
const lock = statement<{ id: string; projectId: string }>(`
  with locked as materialized (
    select t.id, t.project_id, t.state, t.has_dependents from tasks t
    where t.id = any($1::uuid[]) and ($2::uuid[] is null or t.workspace_id = any($2)) and ($3::uuid[] is null or t.project_id = any($3))
    order by t.id for no key update
  ),
  marked as (
    update tasks t set has_dependents = true from locked l where t.id = l.id and l.state <> all(${ENDED}) and not l.has_dependents
  )
  select id, project_id as "projectId" from locked`);

const insert = statement<object>(`
  insert into task_dependencies (task_id, depends_on_id) select e.task_id, e.depends_on_id from unnest($1::uuid[], $2::uuid[]) as e(task_id, depends_on_id)`);

const tasksById = statement<Task>(`select ${taskColumns("t")} from tasks t where t.id = any($1::uuid[])`);

/** Whether the task waits for others. */
export function waitsForOthers({ dependsOn }: Pick<ParsedTask, "dependsOn">): boolean {
  return (dependsOn?.length ?? 0) > 0;
}

/**
 * Locks what these tasks depend on until the transaction ends, and says there that others wait for it. Before the tasks are
 * inserted, and all at once: in the order of the ids. Throws `NotFound` for a task out of reach or of another project.
 */
export async function lockDependencies(
  transaction: Connection,
  caller: Caller,
  tasks: readonly ParsedTask[],
): Promise<void> {
  const ids = [...new Set(tasks.flatMap(({ dependsOn }) => dependsOn ?? []))];
  if (ids.length === 0) return;
  const locked = await transaction.run(lock, [ids, ...reachOf(caller)]);
  const projects = new Map(locked.map(({ id, projectId }) => [id, projectId]));
  for (const { dependsOn, projectId } of tasks) {
    if (dependsOn?.some((id) => projects.get(id) !== projectId)) throw new NotFound("task");
  }
}

/** Writes for which others these tasks, which are WAITING, wait. */
export async function insertDependencies(transaction: Connection, dependents: readonly Dependent[]): Promise<void> {
  const edges = dependents.flatMap(({ taskId, dependsOn }) => [...new Set(dependsOn)].map((id) => [taskId, id]));
  await transaction.run(insert, [edges.map(([taskId]) => taskId), edges.map(([, id]) => id)]);
}

/**
 * Ties new tasks to what they depend on, which is locked; `created` are the results side by side with `tasks`. Those for which
 * that has been decided already are ready at once, or cancelled: gives all of them as they are then.
 */
export async function tieDependents(
  transaction: Connection,
  settings: OperationSettings,
  tasks: readonly ParsedTask[],
  created: readonly CreatedTask[],
): Promise<CreatedTask[]> {
  const dependents = created.flatMap(({ task, repeated }, place): Dependent[] => {
    const dependsOn = tasks[place]?.dependsOn ?? [];
    return repeated || dependsOn.length === 0 ? [] : [{ taskId: task.id, dependsOn }];
  });
  if (dependents.length === 0) return [...created];
  await insertDependencies(transaction, dependents);
  const ids = dependents.map(({ taskId }) => taskId);
  const moved: string[] = [];
  for (let verdicts = await verdictsOnTasks(transaction, ids); verdicts.length > 0;) {
    for (const { id } of await applyVerdicts(transaction, settings, verdicts)) moved.push(id);
    verdicts = await verdictsOnTasks(transaction, ids);
  }
  if (moved.length === 0) return [...created];
  const present = new Map((await transaction.run(tasksById, [moved])).map((task) => [task.id, task]));
  return created.map((one) => ({ ...one, task: present.get(one.task.id) ?? one.task }));
}
