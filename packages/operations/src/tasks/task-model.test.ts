import { agentLifecycle, type AgentState, WORKING_STATES } from "@muster/domain/agent-lifecycle.ts";
import { nextState } from "@muster/domain/lifecycle.ts";
import { HELD_STATES, type TaskAction, taskLifecycle, type TaskState } from "@muster/domain/task-lifecycle.ts";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, agentRow, type Worker } from "../../test/workers.ts";
import { moveAgent } from "../agents/move-agent.ts";
import { cancelTask } from "./cancel-task.ts";
import { claimReady } from "./claim-tasks.ts";
import { completeTask } from "./complete-task.ts";
import { failTask } from "./fail-task.ts";
import { startTask } from "./start-task.ts";
import { getTasks } from "./task-queries.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const ROOM = 2;
const MAX_FAILURES = 2;
const COMMANDS = ["claim", "start", "complete", "fail", "failForGood", "cancel", "drain", "resume"] as const;
type Command = readonly [name: (typeof COMMANDS)[number], task: number];

interface ModelTask {
  id: string;
  state: TaskState;
  attempt: number;
  failures: number;
}

/** What the lifecycles say should happen, kept in memory. */
class Model {
  readonly tasks: ModelTask[];
  agent: AgentState = "ONLINE";
  draining = false;

  constructor(ids: readonly string[]) {
    this.tasks = ids.map((id) => ({ id, state: "QUEUED", attempt: 0, failures: 0 }));
  }

  get held(): number {
    return this.tasks.filter((task) => HELD_STATES.some((state) => state === task.state)).length;
  }

  move(task: ModelTask, action: TaskAction): boolean {
    const next = nextState(taskLifecycle, task.state, action);
    if (next === null) return false;
    const before = this.held;
    task.state = next;
    if (before > 0 && this.held === 0) this.settle();
    return true;
  }

  settle(): void {
    this.agent = nextState(agentLifecycle, this.agent, "RELEASE") ?? this.agent;
    if (!this.draining) return;
    this.agent = nextState(agentLifecycle, this.agent, "SUSPEND") ?? this.agent;
    this.draining = false;
  }

  claim(): void {
    if (this.draining || !WORKING_STATES.some((state) => state === this.agent)) return;
    for (const task of this.tasks.filter(({ state }) => state === "QUEUED").slice(0, ROOM - this.held)) {
      this.move(task, "ASSIGN");
      task.attempt += 1;
      this.agent = nextState(agentLifecycle, this.agent, "ASSIGN") ?? this.agent;
    }
  }

  /** Whether the call is to succeed. A call may name the present attempt only. */
  fail(task: ModelTask, forGood: boolean): boolean {
    if (task.state !== "RUNNING") return this.move(task, "CONFIRM");
    task.failures += 1;
    return this.move(task, forGood || task.failures === MAX_FAILURES ? "FAIL" : "RETRY");
  }
}

async function apply(model: Model, worker: Worker, [name, index]: Command): Promise<void> {
  const task = model.tasks[index % model.tasks.length]!;
  const attempt = { taskId: task.id, attempt: Math.max(task.attempt, 1) };
  const { runtime, admin } = fixture;
  // Repeated calls answer success without an effect: only the effect is compared.
  const attempted = (work: Promise<unknown>) =>
    work.then(
      () => true,
      () => false,
    );
  switch (name) {
    case "claim":
      model.claim();
      await claimReady(runtime, worker.caller, { ...worker, max: 10 });
      return;
    case "start":
      if (model.move(task, "START")) expect(await attempted(startTask(runtime, worker.caller, attempt))).toBe(true);
      else await attempted(startTask(runtime, worker.caller, attempt));
      return;
    case "complete":
      if (model.move(task, "COMPLETE"))
        expect(await attempted(completeTask(runtime, worker.caller, attempt))).toBe(true);
      else await attempted(completeTask(runtime, worker.caller, attempt));
      return;
    case "fail":
    case "failForGood": {
      const fails = failTask(runtime, worker.caller, { ...attempt, message: "no", retryable: name === "fail" });
      if (model.fail(task, name === "failForGood")) expect(await attempted(fails)).toBe(true);
      else await attempted(fails);
      return;
    }
    case "cancel":
      expect(await attempted(cancelTask(runtime, admin, { taskId: task.id, reason: "stop" }))).toBe(
        model.move(task, "CANCEL"),
      );
      return;
    case "drain": {
      const allowed = nextState(agentLifecycle, model.agent, "SUSPEND") !== null;
      const move = { agentId: worker.id, action: "SUSPEND", trigger: "operator", reason: "test" } as const;
      expect(await attempted(moveAgent(runtime, admin, move))).toBe(allowed);
      if (allowed && model.held > 0) model.draining = true;
      else if (allowed) model.agent = "SUSPENDED";
      return;
    }
    case "resume": {
      const next = nextState(agentLifecycle, model.agent, "RESUME");
      const move = { agentId: worker.id, action: "RESUME", trigger: "operator", reason: "test" } as const;
      expect(await attempted(moveAgent(runtime, admin, move))).toBe(next !== null);
      if (next !== null) model.agent = next;
    }
  }
}

describe("tasks and their agent", () => {
  it("do what the lifecycles say, whatever is asked, and the agent's counter is right at every step", async () => {
    const command: fc.Arbitrary<Command> = fc.tuple(fc.constantFrom(...COMMANDS), fc.nat({ max: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (commands) => {
        const worker = await addWorker(fixture, { maxConcurrency: ROOM });
        const ids: string[] = [];
        const backoff = { initialMs: 0, factor: 1, maxMs: 0 };
        // Priorities make the order of claims known, also after a retry.
        for (const priority of [4, 3, 2, 1]) {
          ids.push((await addTask(fixture, { agentId: worker.id, maxFailures: MAX_FAILURES, backoff, priority })).id);
        }
        const model = new Model(ids);
        for (const step of commands) {
          await apply(model, worker, step);
          const row = await agentRow(fixture, worker.id);
          expect(row).toMatchObject({ state: model.agent, activeTasks: model.held, held: model.held });
          expect(row.pendingAction !== null).toBe(model.draining);
          const rows = new Map((await getTasks(fixture.runtime, fixture.admin, ids)).map((task) => [task.id, task]));
          for (const { id, ...expected } of model.tasks) expect(rows.get(id)).toMatchObject(expected);
        }
        await fixture.database.query(
          sql`update tasks set state = 'CANCELLED' where target_agent_id = ${worker.id} and state = 'QUEUED'`,
        );
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});
