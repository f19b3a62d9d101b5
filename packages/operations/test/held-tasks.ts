import { sql } from "drizzle-orm";
import { claimReady } from "../src/tasks/claim-tasks.ts";
import { createTask } from "../src/tasks/create-task.ts";
import { startTask } from "../src/tasks/start-task.ts";
import type { MovedTask } from "../src/tasks/task.ts";
import { type Fixture, letHold } from "./fixtures.ts";

/** Gives an agent one more task, which it has started unless `start` is false. */
export async function holdTask(
  fixture: Fixture,
  agentId: string,
  { start = true, maxFailures = 3 } = {},
): Promise<MovedTask> {
  const { runtime, admin, projectId, database } = fixture;
  await letHold(database, agentId, 1000);
  const [agent] = await database.query<{ incarnation: number }>(
    sql`select incarnation from agents where id = ${agentId}`,
  );
  await createTask(runtime, admin, { projectId, agentId, kind: "build", input: {}, maxFailures });
  const [task] = await claimReady(runtime, admin, { agentId, incarnation: agent?.incarnation ?? 0, max: 1 });
  if (!task) throw new Error("The agent was not given the task.");
  if (start) await startTask(runtime, admin, { taskId: task.id, attempt: task.attempt });
  return task;
}

/** An agent's row as it is now: what tests look at. */
export async function agentRow(fixture: Fixture, agentId: string) {
  const [row] = await fixture.database.query<{
    state: string;
    version: number;
    activeTasks: number;
    pendingAction: string | null;
    incarnation: number;
    lastError: string | null;
    errorCount: number;
    missedOffers: number;
  }>(sql`
    select state, version, active_tasks as "activeTasks", pending_action as "pendingAction", incarnation, last_error as "lastError",
           error_count as "errorCount", missed_offers as "missedOffers"
    from agents where id = ${agentId}`);
  if (!row) throw new Error("There is no such agent.");
  return row;
}

export interface LoggedEvent {
  readonly type: string;
  readonly version: number;
  readonly actor: string;
  readonly reason: string | null;
  readonly payload: Record<string, unknown>;
}

/** An agent's own events, oldest first. */
export async function agentEvents(fixture: Fixture, agentId: string): Promise<LoggedEvent[]> {
  return fixture.database.query<LoggedEvent>(sql`
    select type, subject_version as version, actor_name as actor, reason, payload from events where subject_id = ${agentId} order by id`);
}

/** "ACTION FROM>TO" of each transition of an agent, oldest first. */
export async function transitionsOf(fixture: Fixture, agentId: string): Promise<string[]> {
  const events = await agentEvents(fixture, agentId);
  return events
    .filter((event) => event.type === "agent.transitioned")
    .map(({ payload }) => `${String(payload["action"])} ${String(payload["from"])}>${String(payload["to"])}`);
}

/** State and counted failures of each task, in the order of creation. */
export async function taskStates(
  fixture: Fixture,
  tasks: readonly Pick<MovedTask, "id">[],
): Promise<{ state: string; failures: number }[]> {
  return fixture.database.query(sql`
    select state, failures from tasks where id = any(${sql.param(tasks.map((task) => task.id))}::uuid[]) order by created_at`);
}
