import type { Caller } from "@muster/domain/actor.ts";
import { agentLabels } from "../agents/agent-event.ts";
import { traceColumns, traceOf } from "../caller-values.ts";

/**
 * SQL: the columns of an event about a context, selected from `source` joined to nothing else: a row of `contexts` with
 * `at`. The payload says besides whether the context is shared: what happens in a private one is not for other agents.
 * Its version is the context's newest version number. `first` is the number of the first of the five parameters that
 * `contextEventValues` gives. `agent` is the agent whose timeline it belongs to: where it is not said, the context's own,
 * else the one that did it.
 */
export function contextEvent(type: string, payload: string, first: number, agent?: string): string {
  const [kind, id, name, reason] = [0, 1, 2, 3].map((offset) => `$${first + offset}`);
  const about = agent ?? `coalesce(agent_id, case when ${kind} = 'AGENT' then ${id}::uuid end)`;
  return (
    `workspace_id, project_id, '${type}' as type, id as subject_id, current_version as subject_version, ` +
    `${about} as agent_id, null::uuid as task_id, id as context_id, ` +
    `${kind}::text as actor_kind, ${id}::uuid as actor_id, ${name}::text as actor_name, ${reason}::text as reason, ` +
    `${traceColumns(`$${first + 4}`)}, ${payload} || jsonb_build_object('shared', agent_id is null) as payload, ` +
    `${agentLabels(about)} as labels, at`
  );
}

export function contextEventValues(caller: Caller, reason: string | null): unknown[] {
  const { kind, id, name } = caller.actor;
  return [kind, id, name, reason, traceOf(caller)];
}
