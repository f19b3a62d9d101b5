import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { parseId } from "@muster/domain/ids.ts";
import { change } from "./change.ts";
import { createTenant, type Tenant } from "./harness.ts";
import { asHarness, type Attempt, PlainAgent } from "./plain-agent.ts";
import { eventually, type ServerProcess } from "./processes.ts";
import type { lookInto } from "./task-consistency.ts";

/** What happens to a task from its creation on. */
type Step = "create" | "claim" | "start" | "progress" | "complete" | "fail" | "cancel";
/** All of them, two at a time. */
export const STEPS: readonly (readonly Step[])[] = [
  ["create", "claim"],
  ["start", "progress"],
  ["complete", "fail"],
  ["cancel"],
];

/** The settings for servers under test: silent agents are not the matter here, and leases end soon. */
export const STEP_ENVIRONMENT = {
  MUSTER_LEASE_MS: "1500",
  MUSTER_START_TIMEOUT_MS: "1500",
  MUSTER_CANCEL_GRACE_MS: "500",
  MUSTER_HEARTBEAT_TIMEOUT_MS: "60000",
};

const AGENTS = 2;
const TASKS = 16;
const ENDED = "('SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED')";

/** Resolves with the tasks that it was about, once it has been answered. */
type Call = (server: ServerProcess) => Promise<string[]>;

/** What is there when the step begins. */
interface Held extends Attempt {
  readonly agent: PlainAgent;
}

/**
 * Brings many tasks to each step at once and lets something be killed as soon as the first call of it is answered, the others being
 * under way. What was answered must be in the log, repeated calls must not do it again, and in the end every task has ended.
 */
export class StepFaults {
  readonly #tenant: Tenant;
  readonly #database: ReturnType<typeof lookInto>;
  readonly #agents: readonly PlainAgent[];
  /** Ids of the tasks whose creation was answered. */
  readonly #created = new Set<string>();
  /** Tasks whose completion was answered, with the attempt. */
  readonly #completed = new Map<string, number>();
  #keys = 0;

  private constructor(tenant: Tenant, database: ReturnType<typeof lookInto>, agents: readonly PlainAgent[]) {
    this.#tenant = tenant;
    this.#database = database;
    this.#agents = agents;
  }

  static async setUp(server: ServerProcess, database: ReturnType<typeof lookInto>): Promise<StepFaults> {
    const tenant = await createTenant(asHarness(server));
    const names = Array.from({ length: AGENTS }, (_, index) => `plain-${index}`);
    const agents = await Promise.all(names.map((name) => PlainAgent.create(server, tenant, name, 1_000)));
    return new StepFaults(tenant, database, agents);
  }

  /** Some steps: `kill` ends something and gives a server that answers. Gives how many calls were cut off. */
  async during(steps: readonly Step[], server: ServerProcess, kill: () => Promise<ServerProcess>): Promise<number> {
    // What they have left undone goes back.
    await Promise.all(this.#agents.map((agent) => agent.connect(server)));
    const calls: { step: Step; call: Call }[] = [];
    for (const step of steps) calls.push(...(await this.#prepare(step, server)).map((call) => ({ step, call })));
    const killed = Promise.withResolvers<ServerProcess>();
    let answers = 0;
    let failure: unknown;
    const outcomes = await Promise.all(
      calls.map(async ({ step, call }) => {
        const taskIds = await call(server).catch((error: unknown) => {
          failure = error;
          return null;
        });
        if (taskIds !== null && ++answers === 1) kill().then(killed.resolve, killed.reject);
        return { step, call, taskIds };
      }),
    );
    if (answers === 0) throw new Error(`No call was answered: ${steps.join(", ")}.`, { cause: failure });
    const after = await killed.promise;
    await eventually(
      () => this.#database.expectConsistent(),
      () => true,
    );
    for (const step of steps) {
      const answered = outcomes.filter((outcome) => outcome.step === step).flatMap(({ taskIds }) => taskIds ?? []);
      await this.#expectWritten(step, answered);
    }
    // Whoever got no answer calls again, and is either answered as if it were the first time or told that it is too late.
    await Promise.all(
      outcomes
        .filter(({ taskIds }) => taskIds === null)
        .map(({ call }) =>
          eventually(
            () => call(after),
            () => true,
          ),
        ),
    );
    return outcomes.filter(({ taskIds }) => taskIds === null).length;
  }

  /** Works until every task has ended, and looks at what was acknowledged. */
  async finish(server: ServerProcess): Promise<void> {
    for (const agent of this.#agents) await agent.connect(server);
    await eventually(
      async () => {
        await Promise.all(this.#agents.map((agent) => this.#work(server, agent)));
        return this.#database.read<{ id: string; state: string }>(
          `select id, state from tasks where state not in ${ENDED}`,
        );
      },
      (open) => open.length === 0,
      30_000,
    );
    await this.#database.expectSettled();
    const rows = await this.#database.read<{ id: string; state: string; completed: number | null }>(`
      select t.id, t.state, (select max((e.payload ->> 'attempt')::int) from events e where e.task_id = t.id and e.payload ->> 'action' = 'COMPLETE') as completed
      from tasks t`);
    const states = new Map(rows.map((row) => [row.id, row]));
    for (const id of this.#created) assert(states.has(id), `${id} was acknowledged and is not there`);
    for (const [id, attempt] of this.#completed)
      assert.deepEqual(states.get(id), { id, state: "SUCCEEDED", completed: attempt });
    const [keys] = await this.#database.read<{ twice: number }>(
      "select count(*)::int - count(distinct idempotency_key)::int as twice from tasks where idempotency_key is not null",
    );
    assert.deepEqual(keys, { twice: 0 });
  }

  /** The calls of a step, ready to be made. */
  async #prepare(step: Step, server: ServerProcess): Promise<Call[]> {
    const creations = Array.from({ length: TASKS }, () => `key ${++this.#keys}`);
    if (step === "create") return creations.map((key) => (to) => this.#create(to, key));
    await Promise.all(creations.map((key) => this.#create(server, key)));
    if (step === "claim") {
      return Array.from({ length: TASKS / 2 }, (_, index) => async (to) => {
        const agent = this.#agents[index % AGENTS]!;
        return (await agent.claim(to, 2)).map(({ taskId }) => toUuid(taskId));
      });
    }
    const held = await this.#claimAll(server);
    if (step !== "start") await Promise.all(held.map((one) => this.#call(server, one, "startTask")));
    return held.map((one) => async (to) => ((await this.#take(step, to, one)) ? [toUuid(one.taskId)] : []));
  }

  /** False when it was told that it is too late, as on a machine so busy that a lease has ended meanwhile. */
  async #take(step: Exclude<Step, "create" | "claim">, server: ServerProcess, held: Held): Promise<boolean> {
    const { taskId, attempt } = held;
    switch (step) {
      case "start":
        return this.#call(server, held, "startTask");
      case "progress":
        return this.#call(server, held, "reportProgress", { progress: 0.5, chunk: "half" });
      case "fail":
        return this.#call(server, held, "failTask", { message: "no" });
      case "cancel": {
        const answer = await change(asHarness(server), "cancelTask", { taskId, reason: "stop" });
        assert(["CancelTaskSuccess", "IllegalTransition"].includes(answer.__typename), JSON.stringify(answer));
        return answer.__typename === "CancelTaskSuccess";
      }
      case "complete": {
        const done = await this.#call(server, held, "completeTask", { output: attempt });
        if (done) this.#completed.set(toUuid(taskId), attempt);
        return done;
      }
    }
  }

  async #create(server: ServerProcess, idempotencyKey: string): Promise<string[]> {
    const input = { projectId: this.#tenant.projectId, kind: "work", input: {}, idempotencyKey, maxFailures: 50 };
    const backoff = { initialMs: 0, factor: 1, maxMs: 0 };
    const answer = await change(asHarness(server), "createTask", { ...input, backoff });
    const id = toUuid((answer.data as { id: string }).id);
    this.#created.add(id);
    return [id];
  }

  async #claimAll(server: ServerProcess): Promise<Held[]> {
    const claimed: Held[] = [];
    await eventually(
      async () => {
        for (const agent of this.#agents) {
          for (const attempt of await agent.claim(server, TASKS)) claimed.push({ ...attempt, agent });
        }
        return claimed.length;
      },
      (count) => count >= TASKS,
    );
    return claimed;
  }

  /** False when the agent is told that the attempt is not its own any more. */
  async #call(
    server: ServerProcess,
    { agent, taskId, attempt }: Held,
    mutation: string,
    more: object = {},
  ): Promise<boolean> {
    const answer = await agent.call(server, mutation, { taskId, attempt, ...more });
    if (answer.__typename === "LeaseLost") return false;
    assert.deepEqual(answer.data, { id: taskId }, JSON.stringify(answer));
    return true;
  }

  async #work(server: ServerProcess, agent: PlainAgent): Promise<void> {
    const claimed = await agent.claim(server, 50);
    await Promise.all(
      claimed.map(async (attempt) => {
        const held = { ...attempt, agent };
        if (!(await this.#call(server, held, "startTask"))) return;
        await this.#take("complete", server, held);
      }),
    );
    if (claimed.length === 0) await sleep(100);
  }

  /** What was answered is in the log, once. */
  async #expectWritten(step: Step, taskIds: readonly string[]): Promise<void> {
    const actions = {
      create: "CREATE",
      claim: "ASSIGN",
      start: "START",
      complete: "COMPLETE",
      fail: "RETRY",
      cancel: "CANCEL",
    };
    if (step === "progress") {
      const rows = await this.#database.read(
        "select task_id from task_chunks where task_id = any($1::uuid[])",
        taskIds,
      );
      assert.equal(rows.length, taskIds.length);
      return;
    }
    const rows = await this.#database.read<{ task_id: string }>(
      "select distinct task_id from events where task_id = any($1::uuid[]) and payload ->> 'action' = $2",
      taskIds,
      actions[step],
    );
    assert.deepEqual(rows.map((row) => row.task_id).toSorted(), taskIds.toSorted());
  }
}

function toUuid(id: string): string {
  const uuid = parseId("task", id);
  if (uuid === null) throw new Error(`${id} is no id of a task.`);
  return uuid;
}
