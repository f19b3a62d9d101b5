import { openDatabase } from "@muster/database/database.ts";
import { connectAgent } from "@muster/operations/agents/connect-agent.ts";
import { systemCaller } from "@muster/operations/authorize.ts";
import { Assignments } from "@muster/operations/inbox/assignments.ts";
import { DEFAULT_SETTINGS } from "@muster/operations/settings.ts";
import { claimTasks } from "@muster/operations/tasks/claim-tasks.ts";
import { completeTask } from "@muster/operations/tasks/complete-task.ts";
import { createTasks } from "@muster/operations/tasks/create-tasks.ts";
import { startTask } from "@muster/operations/tasks/start-task.ts";
import { TaskSweeper } from "@muster/operations/tasks/sweep-tasks.ts";
import { agentUuid, PROJECT } from "../fleet.ts";
import { type ExplainedStatement, ExplainingDatabase } from "./explaining-database.ts";

/** How many tasks go through their lives. */
export const EXPLAINED_TASKS = 100;
/** An agent that may hold so many tasks, and has an id that is in the middle of the fleet's. */
export const EXPLAINED_AGENT = 5_000;

/** Each statement on tasks of a life, as the engine really runs it for so many tasks at once, explained in its database. */
export async function explainLife(url: string): Promise<readonly ExplainedStatement[]> {
  const failures: Error[] = [];
  const database = new ExplainingDatabase(openDatabase({ url }));
  const runtime = { database, settings: DEFAULT_SETTINGS, committed: () => {} };
  const assignments = new Assignments(runtime, (error) => failures.push(error));
  const caller = systemCaller("bench");
  try {
    const agentId = agentUuid(EXPLAINED_AGENT);
    const { incarnation } = await connectAgent(runtime, caller, { agentId });
    const sweeper = new TaskSweeper(runtime);
    database.step = "create";
    const task = { projectId: PROJECT, kind: "work", input: {} };
    await createTasks(runtime, caller, { tasks: Array.from({ length: EXPLAINED_TASKS }, () => task) });
    database.step = "claim";
    const claim = { agentId, incarnation, max: EXPLAINED_TASKS };
    const claimed = await claimTasks(runtime, assignments, caller, claim);
    if (claimed.length < EXPLAINED_TASKS) throw new Error(`Only ${claimed.length} tasks were claimed.`);
    const attempts = claimed.map(({ id, attempt }) => ({ taskId: id, attempt }));
    database.step = "start";
    await Promise.all(attempts.map((attempt) => startTask(runtime, caller, attempt)));
    database.step = "sweep";
    await sweeper.sweep();
    database.step = "complete";
    await Promise.all(attempts.map((attempt) => completeTask(runtime, caller, attempt)));
    database.step = "";
    if (failures[0]) throw failures[0];
    return database.explained;
  } finally {
    await assignments.close();
    await database.close();
  }
}
