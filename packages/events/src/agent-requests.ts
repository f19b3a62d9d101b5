import { agentLifecycle } from "@muster/domain/agent-lifecycle.ts";
import { actionsOf } from "@muster/domain/lifecycle.ts";

const REQUESTED = actionsOf(agentLifecycle, "operator")
  .map((action) => `'${action}'`)
  .join(", ");

/**
 * SQL: whether the event `alias` is a request to an agent's process, or overtakes the requests before it. Of an agent only the
 * newest of these counts. The first two lines are those of the index `events_agent_requests_index`.
 */
export function isAgentRequest(alias: string): string {
  const payload = `${alias}.payload`;
  return `${alias}.type in ('agent.connected', 'agent.drain_requested', 'agent.drain_cancelled', 'agent.transitioned')
    and coalesce(${payload} ->> 'action', '') not in ('ASSIGN', 'RELEASE')
    and (${alias}.type <> 'agent.transitioned' or (${payload} ->> 'action' in (${REQUESTED}) and ${alias}.actor_kind <> 'AGENT'))`;
}
