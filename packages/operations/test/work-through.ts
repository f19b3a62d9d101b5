import { openDatabase } from "@muster/database/database.ts";
import type { SQL } from "drizzle-orm";
import { expect } from "vitest";
import { completeTask } from "../src/tasks/complete-task.ts";
import type { CreateTaskInput } from "../src/tasks/create-task-input.ts";
import { createTasks } from "../src/tasks/create-tasks.ts";
import { startTask } from "../src/tasks/start-task.ts";
import { expectSettled } from "./consistency.ts";
import type { Fixture } from "./fixtures.ts";
import { type Replica, withReplicas } from "./replica.ts";
import { addWorker, type Worker } from "./workers.ts";

const CLAIMERS = 50;
const REPLICAS = 4;
const LIMIT_MS = 45_000;

/** Agents that can be asked for tasks. */
export function addClaimers(fixture: Fixture, maxConcurrency = 4): Promise<Worker[]> {
  return Promise.all(Array.from({ length: CLAIMERS }, () => addWorker(fixture, { maxConcurrency })));
}

/**
 * Creates the tasks and lets 50 claimers at several replicas work until all have ended, each once. All the while another connection looks
 * with `held` how many are held that a limit is about: gives the most that it has seen.
 */
export async function workThrough(
  fixture: Fixture,
  tasks: readonly Partial<CreateTaskInput>[],
  held: SQL,
): Promise<number> {
  const claimers = await addClaimers(fixture);
  const input = { projectId: fixture.projectId, kind: "build", input: {} };
  const created = await createTasks(fixture.runtime, fixture.admin, {
    tasks: tasks.map((task) => ({ ...input, ...task })),
  });
  const ids = created.map(({ task }) => task.id);
  const completed: string[] = [];
  const until = performance.now() + LIMIT_MS;
  const isOver = () => completed.length >= ids.length || performance.now() > until;

  let mostSeen = 0;
  const watch = async () => {
    const watcher = openDatabase({ url: fixture.url, connections: 1 });
    while (!isOver()) {
      const [seen] = await watcher.query<{ held: number }>(held);
      mostSeen = Math.max(mostSeen, seen?.held ?? 0);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await watcher.close();
  };
  const work = async (worker: Worker, replica: Replica) => {
    while (!isOver()) {
      for (const { id: taskId, attempt } of await replica.claim(worker, 3, 500)) {
        await startTask(replica.runtime, worker.caller, { taskId, attempt });
        await completeTask(replica.runtime, worker.caller, { taskId, attempt, output: null });
        completed.push(taskId);
      }
    }
  };
  await withReplicas(fixture, REPLICAS, async (replicas) => {
    const working = claimers.map((worker, index) => work(worker, replicas[index % REPLICAS]!));
    await Promise.all([watch(), ...working]);
    expect(replicas.flatMap(({ errors }) => errors)).toEqual([]);
    await expectSettled(fixture.database);
  });
  expect(completed.toSorted()).toEqual(ids.toSorted());
  return mostSeen;
}
