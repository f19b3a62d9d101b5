import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { AgentAction } from "@muster/domain/agent-lifecycle.ts";
import { movesOf } from "@muster/domain/lifecycle.ts";
import { taskLifecycle } from "@muster/domain/task-lifecycle.ts";
import { isAgentRequest } from "@muster/events/agent-requests.ts";
import { type PendingContextChange, pendingContextChanges } from "../contexts/inbox-queries.ts";
import { sqlArray } from "../lifecycle-sql.ts";
import { oncePerProcess } from "../once-per.ts";
import type { Runtime } from "../runtime.ts";
import { HELD, type OfferedTask, offeredTaskColumns } from "../tasks/task.ts";
import { WrittenTogether } from "../written-together.ts";
import type { InboxMessage } from "./inbox-message.ts";

/** What an agent's process has to know at a moment. */
export interface InboxState {
  /** The newest one. */
  readonly incarnation: number;
  readonly messages: readonly InboxMessage[];
}

interface AgentRow {
  readonly id: string;
  readonly incarnation: number;
  readonly eventId: string | null;
  readonly eventType: string;
  readonly action: AgentAction;
  readonly reason: string | null;
}

/** What an agent holds: an offer, or a run that it is asked to stop. */
interface HeldTask extends OfferedTask {
  readonly offered: boolean;
  readonly cancelReason: string | null;
  readonly graceMs: number;
}

const OFFERED = sqlArray(movesOf(taskLifecycle, "START").from);
const ASKED_TO_STOP = sqlArray(movesOf(taskLifecycle, "CONFIRM").from);

// The newest request since the process connected is what counts: those before it are overtaken. An agent's events have their
// ids in the order of their commits, because each is written under the lock on its row.
const agentStates = statement<AgentRow>(`
  select a.id, a.incarnation, e.id::text as "eventId", e.type as "eventType", e.payload ->> 'action' as action, e.reason
  from agents a left join lateral (
    select e.* from events e
    where e.agent_id = a.id and ${isAgentRequest("e")}
    order by e.id desc limit 1
  ) e on e.type in ('agent.drain_requested', 'agent.transitioned')
  where a.id = any($1::uuid[])`);

const heldTasks = statement<HeldTask>(`
  select ${offeredTaskColumns("t")}, t.cancel_reason as "cancelReason", t.state = any(${OFFERED}) as offered,
         greatest(0, extract(epoch from t.cancel_until - clock_timestamp()) * 1000)::float8 as "graceMs"
  from tasks t
  where (t.workspace_id, t.project_id, t.agent_id) in (select a.workspace_id, a.project_id, a.id from agents a where a.id = any($1::uuid[]))
    and t.state = any(${HELD}) and (t.state = any(${OFFERED}) or t.state = any(${ASKED_TO_STOP}))
  order by t.state_since, t.id`);

/** What the processes of these agents have to know: requests first, then contexts, since work builds on them, then cancellations and work. */
export async function readInboxes(
  connection: Connection,
  agentIds: readonly string[],
): Promise<Map<string, InboxState>> {
  const [agents, tasks, changes] = await Promise.all([
    connection.run(agentStates, [agentIds]),
    connection.run(heldTasks, [agentIds]),
    pendingContextChanges(connection, agentIds),
  ]);
  const states = new Map<string, { incarnation: number; messages: InboxMessage[] }>();
  for (const agent of agents) {
    states.set(agent.id, {
      incarnation: agent.incarnation,
      messages: agent.eventId === null ? [] : [stateRequest(agent)],
    });
  }
  for (const change of changes) states.get(change.agentId)?.messages.push(contextMessage(change));
  for (const task of tasks) states.get(task.agentId ?? "")?.messages.push(taskMessage(task));
  return states;
}

function stateRequest({ eventId, eventType, action, reason }: AgentRow): InboxMessage {
  const mode = eventType === "agent.drain_requested" ? "DRAIN" : "NOW";
  return { type: "StateRequested", id: `state ${eventId}`, action, reason: reason ?? "", mode };
}

type ContextMessage = Extract<InboxMessage, { readonly type: "ContextChanged" }>;

/**
 * The contexts of which the agent has not loaded the newest version, as its inbox says it. Every start of a task asks for them: those
 * of agents that start at the same time are read together.
 */
export function readContextMessages(runtime: Runtime, agentId: string): Promise<readonly ContextMessage[]> {
  return contextReaderOf(runtime).add(agentId);
}

const contextReaderOf = oncePerProcess(
  (runtime: Runtime) =>
    new WrittenTogether<string, readonly ContextMessage[]>({
      parallel: 2,
      most: 500,
      write: async (agentIds) => {
        const changes = await pendingContextChanges(runtime.database, [...new Set(agentIds)]);
        const ofAgents = Map.groupBy(changes, ({ agentId }) => agentId);
        return agentIds.map((agentId) => (ofAgents.get(agentId) ?? []).map(contextMessage));
      },
    }),
);

/** A retried rollback is said again, even to a process that has answered it: its message has another id. */
function contextMessage({ contextId, version, rolledBack, asked }: PendingContextChange) {
  const id = ["context", contextId, version, ...(asked === null ? [] : [asked])].join(" ");
  return { type: "ContextChanged", id, contextId, version, rolledBack } as const;
}

function taskMessage({ offered, cancelReason, graceMs, ...task }: HeldTask): InboxMessage {
  const { id, attempt } = task;
  if (!offered) {
    const reason = cancelReason ?? "";
    return {
      type: "TaskCancelRequested",
      id: `cancel ${id} ${attempt}`,
      task,
      attempt,
      reason,
      graceMs: Math.round(graceMs),
    };
  }
  return offerOf(task);
}

/** The message that offers a task to the agent that it is assigned to. */
export function offerOf(task: OfferedTask): InboxMessage {
  const { id, attempt, leaseUntil, stateSince } = task;
  return { type: "TaskAssigned", id: `task ${id} ${attempt}`, task, attempt, leaseUntil: leaseUntil ?? stateSince };
}
