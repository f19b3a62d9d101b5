import type { DependencyCondition } from "@muster/domain/dependency-condition.ts";
import type { TaskState } from "@muster/domain/task-lifecycle.ts";
import type { FailurePolicy } from "@muster/domain/workflow-lifecycle.ts";
import { sql } from "drizzle-orm";
import { seeToFollowUps } from "../src/follow-ups/see-to-follow-ups.ts";
import { claimReady } from "../src/tasks/claim-tasks.ts";
import { completeTask } from "../src/tasks/complete-task.ts";
import { failTask } from "../src/tasks/fail-task.ts";
import { startTask } from "../src/tasks/start-task.ts";
import { createWorkflow, type WorkflowStep } from "../src/workflows/create-workflow.ts";
import type { Workflow } from "../src/workflows/workflow.ts";
import type { Fixture } from "./fixtures.ts";
import type { Worker } from "./workers.ts";

/** Looks at follow-ups until there are none. */
export async function followUp(fixture: Fixture): Promise<void> {
  for (let taken = 1; taken > 0;) taken = (await seeToFollowUps(fixture.runtime)).taken;
}

/** How many follow-ups nobody has seen to. */
export async function openFollowUps(fixture: Fixture): Promise<number> {
  const [row] = await fixture.database.query<{ count: number }>(
    sql`select count(*)::int as count from task_follow_ups`,
  );
  return row?.count ?? 0;
}

/** A step as tests write it: a name, the names it waits for, and when it is ready. */
export type StepSpec = readonly [step: string, dependsOn?: readonly string[], condition?: DependencyCondition];

/** A workflow of tasks of kind "build" that fail at once. Gives it and the ids of its tasks by step. */
export async function addWorkflow(
  fixture: Fixture,
  steps: readonly StepSpec[],
  {
    onFailure = "SKIP_DEPENDENTS",
    task = {},
  }: { onFailure?: FailurePolicy; task?: Partial<WorkflowStep["task"]> } = {},
): Promise<{ workflow: Workflow; ids: Record<string, string> }> {
  const { workflow } = await createWorkflow(fixture.runtime, fixture.admin, {
    projectId: fixture.projectId,
    name: "test",
    onFailure,
    tasks: steps.map(([step, dependsOn, condition]) => ({
      step,
      dependsOn,
      condition,
      task: { kind: "build", input: { step }, maxFailures: 1, ...task },
    })),
  });
  const rows = await fixture.database.query<{ id: string; step: string }>(
    sql`select id, workflow_step as step from tasks where workflow_id = ${workflow.id}`,
  );
  return { workflow, ids: Object.fromEntries(rows.map(({ id, step }) => [step, id])) };
}

/** The states of a workflow's tasks by step. */
export async function statesOf(fixture: Fixture, workflow: Workflow): Promise<Record<string, TaskState>> {
  const rows = await fixture.database.query<{ step: string; state: TaskState }>(
    sql`select workflow_step as step, state from tasks where workflow_id = ${workflow.id} order by id`,
  );
  return Object.fromEntries(rows.map(({ step, state }) => [step, state]));
}

/** A worker that has claimed all that is ready, and ends tasks as it is told. */
export class Hands {
  readonly #fixture: Fixture;
  readonly #worker: Worker;
  readonly #attempts = new Map<string, number>();
  #priority = 1_000;

  constructor(fixture: Fixture, worker: Worker) {
    this.#fixture = fixture;
    this.#worker = worker;
  }

  async start(taskId: string): Promise<void> {
    await this.#claim(taskId);
    await startTask(this.#fixture.runtime, this.#worker.caller, this.#ref(taskId));
  }

  /** Of a task that is ready, or has been started. */
  async complete(taskId: string, output: string | null = null): Promise<void> {
    if (!this.#attempts.has(taskId)) await this.start(taskId);
    await completeTask(this.#fixture.runtime, this.#worker.caller, { ...this.#ref(taskId), output });
  }

  async fail(taskId: string, kind = "error"): Promise<void> {
    if (!this.#attempts.has(taskId)) await this.start(taskId);
    await failTask(this.#fixture.runtime, this.#worker.caller, {
      ...this.#ref(taskId),
      kind,
      message: "It failed.",
      retryable: false,
    });
  }

  /** Of tasks that are all ready. */
  async completeAll(taskIds: readonly string[]): Promise<void> {
    const { runtime, database } = this.#fixture;
    this.#priority += 1;
    await database.query(
      sql`update tasks set priority = ${this.#priority} where id = any(${sql.param(taskIds)}::uuid[])`,
    );
    const claimed: string[] = [];
    while (claimed.length < taskIds.length) {
      const max = taskIds.length - claimed.length;
      const tasks = await claimReady(runtime, this.#worker.caller, { ...this.#worker, max });
      if (tasks.length === 0) throw new Error("Not all of the tasks are ready.");
      for (const { id, attempt } of tasks) {
        this.#attempts.set(id, attempt);
        claimed.push(id);
      }
    }
    await Promise.all(claimed.map((id) => startTask(runtime, this.#worker.caller, this.#ref(id))));
    await Promise.all(claimed.map((id) => this.complete(id)));
  }

  /** Only this one: others stay ready. */
  async #claim(taskId: string): Promise<void> {
    const { runtime, database } = this.#fixture;
    this.#priority += 1;
    await database.query(sql`update tasks set priority = ${this.#priority} where id = ${taskId}`);
    const [task] = await claimReady(runtime, this.#worker.caller, { ...this.#worker, max: 1 });
    if (task?.id !== taskId) throw new Error(`Task ${taskId} is not ready.`);
    this.#attempts.set(taskId, task.attempt);
  }

  #ref(taskId: string) {
    return { taskId, attempt: this.#attempts.get(taskId) ?? 0 };
  }
}
