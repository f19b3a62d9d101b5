import { sql } from "drizzle-orm";
import { moveAgent } from "../src/agents/move-agent.ts";
import { pauseQueue } from "../src/queues/pause-queue.ts";
import { resumeQueue } from "../src/queues/resume-queue.ts";
import type { Runtime } from "../src/runtime.ts";
import { cancelTask } from "../src/tasks/cancel-task.ts";
import { claimReady } from "../src/tasks/claim-tasks.ts";
import { completeTask } from "../src/tasks/complete-task.ts";
import { createTask } from "../src/tasks/create-task.ts";
import { failTask } from "../src/tasks/fail-task.ts";
import { reportProgress } from "../src/tasks/report-progress.ts";
import { retryTask } from "../src/tasks/retry-task.ts";
import { startTask } from "../src/tasks/start-task.ts";
import type { Fixture } from "./fixtures.ts";
import { KEYS, type NewTask, type Step } from "./task-steps.ts";
import type { Worker } from "./workers.ts";

const HOUR_MS = 3_600_000;
/** What runs out, by step: the column whose time is moved into the past, as if the hour had gone by. */
const CLOCKS = {
  leaseEnds: sql`lease_until`,
  timeOut: sql`timeout_at`,
  graceEnds: sql`cancel_until`,
  deadlinePasses: sql`deadline`,
} as const;

/** Does what steps say, by the operations that clients and agents use, in one project. */
export class TaskActor {
  readonly #fixture: Fixture;
  readonly #runtime: Runtime;
  readonly #projectId: string;
  readonly #workers: readonly Worker[];

  constructor(fixture: Fixture, runtime: Runtime, projectId: string, workers: readonly Worker[]) {
    this.#fixture = fixture;
    this.#runtime = runtime;
    this.#projectId = projectId;
    this.#workers = workers;
  }

  /** Gives the new task's id. */
  async create(made: NewTask): Promise<string> {
    const { kind, queue, priority, maxFailures, key, target } = made;
    const { task } = await createTask(this.#runtime, this.#fixture.admin, {
      projectId: this.#projectId,
      kind,
      queue,
      priority,
      maxFailures,
      input: {},
      backoff: { initialMs: 0, factor: 1, maxMs: 0 },
      concurrencyKey: key,
      concurrencyLimit: key && KEYS[key],
      runAt: made.delayed ? new Date(Date.now() + HOUR_MS) : null,
      deadline: made.deadline ? new Date(Date.now() + HOUR_MS) : null,
      timeoutMs: made.timeout ? HOUR_MS : null,
      agentId: target === null ? null : this.#workers[target]!.id,
    });
    return task.id;
  }

  /** As often as it is given something, up to so many. Gives the ids of the tasks. */
  async claim(worker: number, max: number): Promise<string[]> {
    const claiming = this.#workers[worker]!;
    const given: string[] = [];
    while (given.length < max) {
      const tasks = await claimReady(this.#runtime, claiming.caller, { ...claiming, max: max - given.length });
      if (tasks.length === 0) break;
      given.push(...tasks.map(({ id }) => id));
    }
    return given;
  }

  /** What the agent says that holds an attempt, or held it. */
  async report(step: Step["do"], taskId: string, attempt: number, worker: number): Promise<unknown> {
    const { caller } = this.#workers[worker]!;
    const ref = { taskId, attempt };
    if (step === "start") return startTask(this.#runtime, caller, ref);
    if (step === "progress") return reportProgress(this.#runtime, caller, { ...ref, progress: 0.5, chunk: attempt });
    if (step === "complete") return completeTask(this.#runtime, caller, { ...ref, output: attempt });
    return failTask(this.#runtime, caller, { ...ref, message: "no", retryable: step === "fail" });
  }

  cancel(taskId: string): Promise<unknown> {
    return cancelTask(this.#runtime, this.#fixture.admin, { taskId, reason: "stop" });
  }

  /** Gives the new task's id. */
  async retry(taskId: string): Promise<string> {
    return (await retryTask(this.#runtime, this.#fixture.admin, { taskId })).id;
  }

  /** Lets a task's time pass; a sweep does the rest. */
  async pass(step: keyof typeof CLOCKS, taskId: string): Promise<void> {
    const column = CLOCKS[step];
    await this.#runtime.database.query(
      sql`update tasks set ${column} = clock_timestamp() - interval '1 second' where id = ${taskId} and ${column} is not null`,
    );
  }

  /** Lets a delayed task's time come. */
  async comeDue(taskId: string): Promise<void> {
    await this.#runtime.database.query(sql`
      update tasks set run_at = clock_timestamp(), parked_until = clock_timestamp() where id = ${taskId} and parked_for = 'TIME'`);
  }

  setPaused(queue: string, paused: boolean): Promise<unknown> {
    const target = { projectId: this.#projectId, queue };
    const { admin } = this.#fixture;
    return paused
      ? pauseQueue(this.#runtime, admin, { ...target, reason: "test" })
      : resumeQueue(this.#runtime, admin, target);
  }

  /** Takes a step on whatever there is in the project at the moment. Rejects when it is refused. */
  async take(step: Step): Promise<void> {
    if (step.do === "create") await this.create(step.task);
    else if (step.do === "claim") await this.claim(step.worker, step.max);
    else if (step.do === "pause" || step.do === "resume") await this.setPaused(step.queue, step.do === "pause");
    else if ("worker" in step) await this.moveAgent(step.do, step.worker);
    else if ("task" in step) {
      const tasks = await this.#runtime.database.query<{ id: string; attempt: number; agentId: string | null }>(
        sql`select id, attempt, agent_id as "agentId" from tasks where project_id = ${this.#projectId} order by created_at desc limit 12`,
      );
      const task = tasks[step.task % tasks.length];
      if (!task) return;
      if (step.do === "cancel") await this.cancel(task.id);
      else if (step.do === "retry") await this.retry(task.id);
      else if (step.do === "comesDue") await this.comeDue(task.id);
      else if (step.do in CLOCKS) await this.pass(step.do as keyof typeof CLOCKS, task.id);
      else {
        const worker = this.#workers.findIndex(({ id }) => id === task.agentId);
        if (worker >= 0 && task.attempt > 0) await this.report(step.do, task.id, task.attempt, worker);
      }
    }
  }

  async moveAgent(step: keyof typeof AGENT_MOVES, worker: number): Promise<unknown> {
    const { id: agentId } = this.#workers[worker]!;
    return moveAgent(this.#runtime, this.#fixture.admin, { agentId, reason: "test", ...AGENT_MOVES[step] });
  }
}

/** What is done with agents, by step. */
export const AGENT_MOVES = {
  lose: { action: "LOSE", trigger: "system" },
  recover: { action: "RECOVER", trigger: "system" },
  stop: { action: "STOP", trigger: "operator", mode: "NOW" },
  activate: { action: "ACTIVATE", trigger: "agent" },
  drain: { action: "SUSPEND", trigger: "operator", mode: "DRAIN" },
  bringBack: { action: "RESUME", trigger: "operator" },
} as const;
