import type { Database } from "@muster/database/database.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, type Worker } from "../../test/workers.ts";
import type { Runtime } from "../runtime.ts";
import { HALVES, halfOf, LOCKS_MANY } from "./agent-turns.ts";
import { claimReady } from "./claim-tasks.ts";
import { completeTask } from "./complete-task.ts";
import { startTask } from "./start-task.ts";
import { createTasks } from "./create-tasks.ts";

interface Run {
  readonly worker: Worker;
  readonly taskId: string;
  readonly attempt: number;
}

let fixture: Fixture;
let runtime: Runtime;
/** The tasks of each statement that completed some. */
let statements: string[][];
beforeEach(async () => {
  fixture = await createFixture();
  statements = [];
  const database: Database = {
    ...fixture.database,
    async run(statement, values) {
      if (statement.text.includes("'COMPLETE'::text as action"))
        statements.push(String(values[1]).match(/[0-9a-f-]{36}/g) ?? []);
      return fixture.database.run(statement, values);
    },
  };
  runtime = { ...fixture.runtime, database };
});
afterEach(() => fixture.close());

/** So many runs of an agent of each half. */
async function runsOfEachHalf(count: number): Promise<Run[]> {
  const workers: Worker[] = [];
  while (new Set(workers.map(({ id }) => halfOf(id))).size < HALVES) {
    const worker = await addWorker(fixture, { maxConcurrency: count });
    if (workers.every(({ id }) => halfOf(id) !== halfOf(worker.id))) workers.push(worker);
  }
  const { kind } = await addTask(fixture);
  const task = { projectId: fixture.projectId, kind, input: {} };
  await createTasks(fixture.runtime, fixture.admin, {
    tasks: Array.from({ length: count * workers.length - 1 }, () => task),
  });
  const runs: Run[] = [];
  for (const worker of workers) {
    const tasks = await claimReady(fixture.runtime, worker.caller, { ...worker, agentId: worker.id, max: count });
    runs.push(...tasks.map(({ id, attempt }) => ({ worker, taskId: id, attempt })));
  }
  await Promise.all(runs.map(({ worker, ...attempt }) => startTask(fixture.runtime, worker.caller, attempt)));
  return runs;
}

const completeAll = (runs: readonly Run[]) =>
  Promise.all(runs.map(({ worker, ...attempt }) => completeTask(runtime, worker.caller, attempt)));

describe("completions at the same time", () => {
  it("go in one statement while they are few, whoever's they are", async () => {
    const runs = await runsOfEachHalf(2);
    await completeAll(runs);
    expect(statements.map((tasks) => tasks.length)).toEqual([runs.length]);
  });

  it("go by halves of the agents when they are many, and each comes to its end", async () => {
    const runs = await runsOfEachHalf(LOCKS_MANY * 3);
    const completed = await completeAll(runs);
    expect(completed.map(({ state }) => state)).toEqual(runs.map(() => "SUCCEEDED"));
    const halves = new Map(runs.map(({ taskId, worker }) => [taskId, halfOf(worker.id)]));
    const large = statements.filter((tasks) => tasks.length > LOCKS_MANY);
    expect(large.length).toBeGreaterThanOrEqual(HALVES);
    for (const tasks of large) expect(new Set(tasks.map((id) => halves.get(id))).size).toBe(1);
  });
});
