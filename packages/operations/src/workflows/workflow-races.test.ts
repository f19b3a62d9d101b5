import { FAILURE_POLICIES } from "@muster/domain/workflow-lifecycle.ts";
import { MusterError } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { expectSettled } from "../../test/consistency.ts";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, agentRow, eventually, type Worker } from "../../test/workers.ts";
import { addWorkflow, followUp, openFollowUps, type StepSpec } from "../../test/workflows.ts";
import { seeToFollowUps } from "../follow-ups/see-to-follow-ups.ts";
import { claimReady } from "../tasks/claim-tasks.ts";
import { completeTask } from "../tasks/complete-task.ts";
import { failTask } from "../tasks/fail-task.ts";
import { startTask } from "../tasks/start-task.ts";
import { cancelWorkflow } from "./cancel-workflow.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({ cancelGraceMs: 60_000 });
});
afterAll(() => fixture.close());

const WORKFLOWS = 24;
const STEPS = 12;
const CONDITIONS = ["ALL_SUCCEEDED", "ALL_SUCCEEDED", "ANY_SUCCEEDED", "ALL_ENDED"] as const;
const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(Math.random() * values.length)]!;
const chance = (probability: number) => Math.random() < probability;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Another's turn came first, as it may: then nothing is to be done. */
const unlessRefused = (call: Promise<unknown>) =>
  call.catch((error: unknown) => {
    if (!(error instanceof MusterError)) throw error;
  });

function randomSteps(): StepSpec[] {
  return Array.from({ length: STEPS }, (_, place): StepSpec => {
    const before = Array.from({ length: place }, (__, other) => `s${other}`).filter(() => chance(0.3));
    return [`s${place}`, before, pick(CONDITIONS)];
  });
}

/** Does what it is given until there is nothing left, one task in six badly. */
async function work(worker: Worker, isOver: () => boolean): Promise<void> {
  const { runtime } = fixture;
  while (!isOver()) {
    const tasks = await claimReady(runtime, worker.caller, { ...worker, max: 10 });
    if (tasks.length === 0) await sleep(5);
    for (const { id: taskId, attempt } of tasks) {
      await unlessRefused(startTask(runtime, worker.caller, { taskId, attempt }));
      await sleep(Math.random() * 5);
      const failure = { taskId, attempt, kind: "error", message: "It failed.", retryable: false };
      const ended = chance(1 / 6)
        ? failTask(runtime, worker.caller, failure)
        : completeTask(runtime, worker.caller, { taskId, attempt });
      await unlessRefused(ended);
    }
  }
}

it("nothing is lost, doubled or locked for ever when all happens at once on several replicas", async () => {
  const { runtime, admin, database } = fixture;
  const workers = await Promise.all([1, 2, 3].map(() => addWorker(fixture, { maxConcurrency: 10 })));
  let isOver = false;
  const running = [
    ...workers.map((worker) => work(worker, () => isOver)),
    ...[1, 2, 3, 4].map(async () => {
      while (!isOver) if ((await seeToFollowUps(runtime)).taken === 0) await sleep(3);
    }),
  ];
  const addAll = async () => {
    for (let n = 0; n < WORKFLOWS / 3; n += 1) {
      const { workflow, ids } = await addWorkflow(fixture, randomSteps(), { onFailure: pick(FAILURE_POLICIES) });
      const dependsOn = Object.values(ids).filter(() => chance(0.3));
      await addTask(fixture, { dependsOn, dependencyCondition: pick(CONDITIONS), concurrencyKey: pick(["x", "y"]) });
      if (chance(0.3)) {
        await sleep(Math.random() * 50);
        await unlessRefused(cancelWorkflow(runtime, admin, { workflowId: workflow.id, reason: "no" }));
      }
    }
  };
  const open = async () => {
    const [row] = await database.query<{ count: number }>(
      sql`select (select count(*) from tasks where finished_at is null)::int + (select count(*) from workflows where state = 'RUNNING')::int as count`,
    );
    return row!.count;
  };
  const failed = Promise.all(running);
  await Promise.race([Promise.all([addAll(), addAll(), addAll()]), failed]);
  await Promise.race([eventually(async () => (await open()) === 0), failed]);
  isOver = true;
  await failed;
  await followUp(fixture);
  expect(await openFollowUps(fixture)).toBe(0);
  await expectSettled(database);
  for (const { id } of workers) expect(await agentRow(fixture, id)).toMatchObject({ activeTasks: 0, held: 0 });
  const [ends] = await database.query<{ doubled: number; settled: number }>(sql`
    select (select count(*)::int from (select from events where payload ->> 'action' = 'READY' group by subject_id having count(*) > 1) d) as doubled,
           (select count(*)::int from events where type = 'workflow.transitioned') as settled`);
  expect(ends).toEqual({ doubled: 0, settled: WORKFLOWS });
}, 60_000);
