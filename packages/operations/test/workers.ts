import type { Caller } from "@muster/domain/actor.ts";
import type { AgentState } from "@muster/domain/agent-lifecycle.ts";
import { sql } from "drizzle-orm";
import type { CreateTaskInput } from "../src/tasks/create-task-input.ts";
import { createTask } from "../src/tasks/create-task.ts";
import type { Task } from "../src/tasks/task.ts";
import { addAgent, type Fixture, letHold } from "./fixtures.ts";

/** An agent with a process: incarnation 1. */
export interface Worker {
  readonly id: string;
  readonly agentId: string;
  readonly incarnation: number;
  readonly caller: Caller;
}

export async function addWorker(
  fixture: Fixture,
  options: {
    maxConcurrency?: number;
    capabilities?: readonly string[];
    state?: AgentState;
    place?: { workspaceId: string; projectId: string };
  } = {},
): Promise<Worker> {
  const { maxConcurrency = 1, capabilities = ["build"], state = "ONLINE", place = fixture } = options;
  const agent = await addAgent(fixture, `worker-${Math.random().toString(36).slice(2)}`, state, place);
  await fixture.database.query(sql`
    update agents set incarnation = 1, capabilities = ${sql.param(capabilities)}::text[] where id = ${agent.id}`);
  await letHold(fixture.database, agent.id, maxConcurrency);
  return { ...agent, agentId: agent.id, incarnation: 1 };
}

/** A task of kind "build" that is ready. */
export async function addTask(fixture: Fixture, input: Partial<CreateTaskInput> = {}): Promise<Task> {
  const created = await createTask(fixture.runtime, fixture.admin, {
    projectId: fixture.projectId,
    kind: "build",
    input: { n: 1 },
    ...input,
  });
  return created.task;
}

export interface AgentRow {
  readonly state: AgentState;
  readonly version: number;
  readonly activeTasks: number;
  readonly missedOffers: number;
  readonly pendingAction: string | null;
  readonly held: number;
}

export async function agentRow(fixture: Fixture, agentId: string): Promise<AgentRow> {
  const [row] = await fixture.database.query<AgentRow>(sql`
    select state, version, active_tasks as "activeTasks", missed_offers as "missedOffers", pending_action as "pendingAction",
      (select count(*)::int from tasks t where t.agent_id = a.id and t.state in ('ASSIGNED', 'RUNNING', 'CANCELLING')) as held
    from agents a where id = ${agentId}`);
  if (!row) throw new Error("no such agent");
  return row;
}

export interface EventRow {
  readonly type: string;
  readonly subjectId: string;
  readonly subjectVersion: number;
  readonly agentId: string | null;
  readonly taskId: string | null;
  readonly actorKind: string;
  readonly actorName: string;
  readonly reason: string | null;
  readonly payload: Record<string, unknown>;
}

export async function eventsOf(fixture: Fixture, subjectId: string): Promise<EventRow[]> {
  return fixture.database.query<EventRow>(sql`
    select type, subject_id as "subjectId", subject_version as "subjectVersion", agent_id as "agentId", task_id as "taskId",
      actor_kind as "actorKind", actor_name as "actorName", reason, payload
    from events where subject_id = ${subjectId} order by id`);
}

/** Waits until `check` holds, at most twenty seconds: some wait for a process to start on a machine that starts many. */
export async function eventually(check: () => Promise<boolean> | boolean): Promise<void> {
  const until = performance.now() + 20_000;
  while (!(await check())) {
    if (performance.now() > until) throw new Error("It did not happen within twenty seconds.");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
