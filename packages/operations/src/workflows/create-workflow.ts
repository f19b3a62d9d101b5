import { type Statement, statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { DEPENDENCY_CONDITIONS, type DependencyCondition } from "@muster/domain/dependency-condition.ts";
import { InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { FAILURE_POLICIES, type FailurePolicy } from "@muster/domain/workflow-lifecycle.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { oncePer } from "../once-per.ts";
import { parseInput, text } from "../input.ts";
import type { OperationSettings } from "../settings.ts";
import { newId } from "../new-id.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { type CreateTaskInput, createTaskSchema, MAX_DEPENDENCIES } from "../tasks/create-task-input.ts";
import { insertTasks, takeRoom } from "../tasks/insert-tasks.ts";
import { workChanged } from "../tasks/local-work.ts";
import { graphIssues } from "./graph-issues.ts";
import { insertDependencies } from "./insert-dependencies.ts";
import { workflowEvents } from "./workflow-event.ts";
import { MAX_STEPS, type Workflow, workflowColumns } from "./workflow.ts";

/** What a step does: a task without what the workflow says for it. */
export type StepTask = Omit<
  CreateTaskInput,
  "projectId" | "idempotencyKey" | "idempotencyWindowMs" | "dependsOn" | "dependencyCondition"
>;

export interface WorkflowStep {
  /** Its name, unique in the workflow. */
  readonly step: string;
  readonly task: StepTask;
  /** The steps that it waits for. */
  readonly dependsOn?: readonly string[] | null | undefined;
  /** What has to become of them; ALL_SUCCEEDED without it. */
  readonly condition?: DependencyCondition | null | undefined;
}

export interface CreateWorkflowInput {
  readonly projectId: string;
  readonly name: string;
  readonly onFailure: FailurePolicy;
  /** 1 to 1,000 of them. */
  readonly tasks: readonly WorkflowStep[];
  /** Creating with it again in the project gives the first workflow. */
  readonly idempotencyKey?: string | null | undefined;
}

/** The workflow of a `createWorkflow` call, and whether its idempotency key had created it before. */
export interface CreatedWorkflow {
  readonly workflow: Workflow;
  readonly repeated: boolean;
}

const workflowSchema = oncePer((settings: OperationSettings) => {
  const step = z.object({
    step: text(200),
    task: createTaskSchema(settings).omit({
      projectId: true,
      idempotencyKey: true,
      idempotencyWindowMs: true,
      dependsOn: true,
      dependencyCondition: true,
    }),
    dependsOn: z.array(text(200)).max(MAX_DEPENDENCIES, `at most ${MAX_DEPENDENCIES} dependencies.`).nullish(),
    condition: z.enum(DEPENDENCY_CONDITIONS).nullish(),
  });
  return z.object({
    projectId: z.guid(),
    name: text(200),
    onFailure: z.enum(FAILURE_POLICIES),
    tasks: z.array(step).min(1, "must not be empty.").max(MAX_STEPS, "at most 1,000 tasks."),
    idempotencyKey: text(255).nullish(),
  });
});

const insert: Statement<Workflow> = statement<Workflow>(`
  with created as (
    insert into workflows (id, workspace_id, project_id, name, on_failure, task_count, idempotency_key, creator_kind, creator_id, creator_name)
    select $7, a.workspace_id, a.project_id, $9, $10, $11, $12, $1, $2, $3
    from (select p.workspace_id, p.id as project_id from projects p where p.id = $8) a where ${inReach("a")}
    on conflict (project_id, idempotency_key) where idempotency_key is not null do nothing
    returning *
  ),
  happened as (${workflowEvents("created", {
    type: "workflow.created",
    payload: "jsonb_build_object('onFailure', on_failure, 'taskCount', task_count)",
    at: "created_at",
  })}),
  appended as (${appendEvents("happened")})
  select ${workflowColumns("created")} from created`);

const byKey = statement<Workflow>(`
  select ${workflowColumns("w")} from workflows w where w.project_id = $1 and w.idempotency_key = $2
    and ($3::uuid[] is null or w.workspace_id = any($3)) and ($4::uuid[] is null or w.project_id = any($4))`);

/**
 * Creates tasks that wait for each other, all or none. Throws `InvalidInput` for a graph that is none (a step twice, a step that
 * is not there, a cycle) before anything is written, and `NotFound` for a project or agent out of reach.
 */
export async function createWorkflow(
  runtime: Runtime,
  caller: Caller,
  input: CreateWorkflowInput,
): Promise<CreatedWorkflow> {
  caller = authorize(caller, "task.create");
  const parsed = parseInput(workflowSchema(runtime.settings), input);
  const { projectId, name, onFailure } = parsed;
  const steps = parsed.tasks.map((task) => ({ ...task, id: newId(), dependsOn: task.dependsOn ?? [] }));
  const issues = graphIssues(steps);
  if (issues.length > 0) throw new InvalidInput(issues);
  const ids = new Map(steps.map(({ step, id }) => [step, id]));
  const awaited = new Set(steps.flatMap(({ dependsOn }) => dependsOn));
  const id = newId();
  const key = parsed.idempotencyKey ?? null;
  const created = await writeAll(runtime, async (transaction): Promise<CreatedWorkflow> => {
    const values = [...callerValues(caller), id, projectId, name, onFailure, steps.length, key];
    const [workflow] = await transaction.run(insert, values);
    if (!workflow) {
      const [first] = await transaction.run(byKey, [projectId, key, ...reachOf(caller)]);
      if (!first) throw new NotFound("project");
      return { workflow: first, repeated: true };
    }
    const tasks = steps.map(({ id: taskId, step, task, dependsOn, condition }, position) => ({
      position,
      id: taskId,
      task: { ...task, projectId, dependencyCondition: condition },
      workflow: { id, step },
      waits: dependsOn.length > 0,
      hasDependents: awaited.has(step),
    }));
    const inserted = await insertTasks(transaction, caller, tasks, (position) => ["tasks", String(position), "task"]);
    await insertDependencies(
      transaction,
      steps.map(({ id: taskId, dependsOn }) => ({
        taskId,
        dependsOn: dependsOn.flatMap((step) => ids.get(step) ?? []),
      })),
    );
    await takeRoom(transaction, [...inserted.values()]);
    return { workflow, repeated: false };
  });
  if (!created.repeated) workChanged(runtime, [{ projectId }]);
  return created;
}
