import type { Database } from "@muster/database/database.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { expectSettled } from "../../test/consistency.ts";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, agentRow, type Worker } from "../../test/workers.ts";
import { moveAgent } from "../agents/move-agent.ts";
import { updateAgent } from "../agents/update-agent.ts";
import { seeToFollowUps } from "../follow-ups/see-to-follow-ups.ts";
import { updateWorkspace } from "../projects/update-workspace.ts";
import { pauseQueue } from "../queues/pause-queue.ts";
import { updateQueue } from "../queues/update-queue.ts";
import type { Runtime } from "../runtime.ts";
import { cancelTask } from "./cancel-task.ts";
import { claimReady } from "./claim-tasks.ts";
import type { CreateTaskInput } from "./create-task-input.ts";
import type { Task } from "./task.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

/** The statement that hands tasks out, among those of a round. */
const HANDS_OUT = "'ASSIGN'::text as action";

/** A process in which something happens after it has looked for work and before it hands it out. */
function interrupted(happens: () => Promise<unknown>): Runtime {
  const { database } = fixture;
  let happened: Promise<unknown> | null = null;
  const watched: Database = {
    ...database,
    async run(statement, values) {
      if (statement.text.includes(HANDS_OUT)) await (happened ??= happens());
      return database.run(statement, values);
    },
  };
  return { ...fixture.runtime, database: watched };
}

interface Scene {
  readonly worker: Worker;
  readonly task: Task;
  readonly queue: string;
}

const claim = (runtime: Runtime, worker: Worker) => claimReady(runtime, worker.caller, { ...worker, max: 10 });
const operator = ({ worker }: Scene, action: "SUSPEND" | "STOP" | "MAINTAIN") => {
  const move = { agentId: worker.id, action, trigger: "operator", reason: "test" } as const;
  return moveAgent(fixture.runtime, fixture.admin, move);
};
const row = ({ task }: Scene, set: ReturnType<typeof sql>) =>
  fixture.database.query(sql`update tasks set ${set} where id = ${task.id}`);

/** What happens, by what the claim has to notice; with the task's settings. */
const CHANGES: Readonly<
  Record<string, { input?: Partial<CreateTaskInput>; happens: (scene: Scene) => Promise<unknown> }>
> = {
  "the task is cancelled": {
    happens: ({ task }) => cancelTask(fixture.runtime, fixture.admin, { taskId: task.id, reason: "stop" }),
  },
  "another agent gets it": {
    happens: async () => claim(fixture.runtime, await addWorker(fixture)),
  },
  "its deadline passes": { happens: (scene) => row(scene, sql`deadline = clock_timestamp()`) },
  "it is parked": {
    happens: (scene) => row(scene, sql`parked_for = 'TIME', parked_until = clock_timestamp() + interval '1 hour'`),
  },
  "its queue is paused": {
    happens: ({ queue }) =>
      pauseQueue(fixture.runtime, fixture.admin, { projectId: fixture.projectId, queue, reason: "test" }),
  },
  "its queue gets a limit": {
    happens: ({ queue }) =>
      updateQueue(fixture.runtime, fixture.admin, { projectId: fixture.projectId, queue, maxRunning: 1 }),
  },
  "its workspace gets a limit": {
    happens: () =>
      updateWorkspace(fixture.runtime, fixture.admin, { workspaceId: fixture.workspaceId, maxRunningTasks: 1 }),
  },
  "another task takes the place of its key": {
    input: { concurrencyKey: "one" },
    async happens() {
      const other = await addWorker(fixture, { capabilities: ["other"] });
      await addTask(fixture, { kind: "other", concurrencyKey: "one" });
      expect(await claim(fixture.runtime, other)).toHaveLength(1);
    },
  },
  "the agent is suspended": { happens: (scene) => operator(scene, "SUSPEND") },
  "the agent stops": { happens: (scene) => operator(scene, "STOP") },
  "the agent gets a new process": {
    happens: ({ worker }) => fixture.database.query(sql`update agents set incarnation = 2 where id = ${worker.id}`),
  },
  "the agent is full": {
    async happens({ worker }) {
      await addTask(fixture, { agentId: worker.id, kind: "another", priority: 9 });
      expect(await claim(fixture.runtime, worker)).toMatchObject([{ kind: "another" }]);
    },
  },
  "the agent loses a label": {
    input: { labels: { zone: "a" } },
    happens: ({ worker }) => updateAgent(fixture.runtime, fixture.admin, { agentId: worker.id, labels: { zone: "b" } }),
  },
  "the agent loses the capability": {
    happens: ({ worker }) => fixture.database.query(sql`update agents set capabilities = '{}' where id = ${worker.id}`),
  },
};

let queues = 0;

it.each(Object.keys(CHANGES))("a task is not handed out when, after a claim has looked, %s", async (name) => {
  const { input = {}, happens } = CHANGES[name]!;
  const worker = await addWorker(fixture);
  await updateAgent(fixture.runtime, fixture.admin, { agentId: worker.id, labels: { zone: "a" } });
  const queue = `queue ${++queues}`;
  const task = await addTask(fixture, { queue, ...input });
  const before = await agentRow(fixture, worker.id);
  let between = before;
  const runtime = interrupted(async () => {
    await happens({ worker, task, queue });
    between = await agentRow(fixture, worker.id);
  });
  expect((await claim(runtime, worker)).map(({ id }) => id)).not.toContain(task.id);
  expect(await agentRow(fixture, worker.id)).toEqual(between);
  // The next test finds nothing of this one.
  await updateWorkspace(fixture.runtime, fixture.admin, { workspaceId: fixture.workspaceId, maxRunningTasks: null });
  await fixture.database.query(sql`update agents set capabilities = '{}' where project_id = ${fixture.projectId}`);
  const open = await fixture.database.query<{ id: string }>(
    sql`select id from tasks where state in ('QUEUED', 'ASSIGNED') and project_id = ${fixture.projectId}`,
  );
  for (const { id: taskId } of open) await cancelTask(fixture.runtime, fixture.admin, { taskId, reason: "over" });
});

it("an agent that has less room than when a claim has looked gets as many as there is still room for", async () => {
  const worker = await addWorker(fixture, { maxConcurrency: 3 });
  const asked = await Promise.all([1, 2, 3].map(() => addTask(fixture, { agentId: worker.id })));
  const runtime = interrupted(async () => {
    await addTask(fixture, { agentId: worker.id, priority: 9 });
    expect(await claimReady(fixture.runtime, worker.caller, { ...worker, max: 1 })).toHaveLength(1);
  });
  expect(await claim(runtime, worker)).toHaveLength(2);
  expect(await agentRow(fixture, worker.id)).toMatchObject({ activeTasks: 3, held: 3 });
  const ids = sql.param(asked.map(({ id }) => id));
  const held = await fixture.database.query(
    sql`select from tasks where id = any(${ids}::uuid[]) and state = 'ASSIGNED'`,
  );
  expect(held).toHaveLength(2);
});

it("and all the rest agrees", async () => {
  while ((await seeToFollowUps(fixture.runtime)).taken > 0);
  await expectSettled(fixture.database);
});
