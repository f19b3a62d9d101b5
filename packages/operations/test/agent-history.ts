import { AGENT_STATES, type AgentState } from "@muster/domain/agent-lifecycle.ts";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { addAgent, type Fixture } from "./fixtures.ts";

export const DAY = 86_400_000;
/** When the agents of made-up histories were registered. */
export const BEGIN = Date.parse("2026-01-01T00:00:00Z");

/** A move that an agent makes so long after the one before it. */
export interface Move {
  readonly afterMs: number;
  readonly to: AgentState;
}

export const anyMove = fc.record({
  afterMs: fc.integer({ min: 0, max: 3 * DAY }),
  // Work comes and goes more often than anything else.
  to: fc.oneof(fc.constantFrom(...AGENT_STATES), fc.constantFrom<AgentState>("BUSY", "IDLE")),
});

/** Work begins and ends as the lifecycle has it; the log's readers rely on that. */
function actionOf(from: AgentState, to: AgentState): "ASSIGN" | "RELEASE" | "OTHER" {
  if (to === "BUSY" && (from === "ONLINE" || from === "IDLE")) return "ASSIGN";
  return to === "IDLE" && from === "BUSY" ? "RELEASE" : "OTHER";
}

/** An agent with the states that it was in, and since when. */
export interface AgentHistory {
  readonly id: string;
  readonly name: string;
  readonly history: readonly { readonly at: number; readonly state: AgentState }[];
}

/** What the history says of a moment: the step that the agent was at. */
export function stepAt({ history }: AgentHistory, moment: number): AgentHistory["history"][number] | undefined {
  return history.findLast((step) => step.at <= moment);
}

/** Writes an agent's history into the log, as if it had happened then, with other events between. */
export async function addHistory(
  fixture: Fixture,
  name: string,
  moves: readonly Move[],
  place: { workspaceId: string; projectId: string },
): Promise<AgentHistory> {
  const states: AgentState[] = ["REGISTERED", ...moves.map((move) => move.to)];
  const { id } = await addAgent(fixture, name, states.at(-1), place);
  let time = BEGIN;
  const history = [{ at: time, state: states[0] as AgentState }];
  for (const [index, move] of moves.entries()) {
    time += move.afterMs;
    history.push({ at: time, state: move.to });
    const action = actionOf(states[index]!, move.to);
    await fixture.database.query(sql`
      insert into events (workspace_id, project_id, type, subject_id, subject_version, agent_id, actor_kind, actor_name, reason, payload, at)
      values (${place.workspaceId}, ${place.projectId}, 'agent.transitioned', ${id}, ${index + 2}, ${id}, 'SYSTEM', 'test', ${`reason ${index}`},
          ${JSON.stringify({ from: states[index], to: move.to, action })}, ${new Date(time).toISOString()}),
        (${place.workspaceId}, ${place.projectId}, 'task.transitioned', gen_random_uuid(), 1, ${id}, 'SYSTEM', 'test', null, '{"to":"FAILED"}',
          ${new Date(time).toISOString()})`);
  }
  await fixture.database.query(sql`
    update agents set created_at = ${new Date(BEGIN).toISOString()}, state_since = ${new Date(time).toISOString()}, version = ${states.length}
    where id = ${id}`);
  return { id, name, history };
}
