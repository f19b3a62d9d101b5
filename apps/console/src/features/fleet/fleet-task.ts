import { graphql } from "#api/generated/gql.ts";
import type { FleetTaskFragment as FleetTask, TaskState } from "#api/generated/graphql.ts";

/** What a row tells about a task. */
export const FleetTaskFragment = graphql(`
  fragment FleetTask on Task {
    id
    version
    title
    state
    progress
    progressMessage
    startedAt
    finishedAt
    error {
      message
    }
    agent {
      id
    }
  }
`);

/** What an agent works on, and what it ended last. */
export interface AgentWork {
  readonly running: readonly FleetTask[];
  readonly last: FleetTask | undefined;
}

const HELD: ReadonlySet<TaskState> = new Set(["ASSIGNED", "RUNNING", "CANCELLING"]);

/**
 * An agent's work, told from any number of answers and events, old and new: of each task the newest version counts, and
 * only what the agent still holds or held last. The longest-running comes first.
 */
export function workOf(agentId: string, known: readonly FleetTask[]): AgentWork {
  const newest = new Map<string, FleetTask>();
  for (const task of known) {
    if ((newest.get(task.id)?.version ?? -1) <= task.version) newest.set(task.id, task);
  }
  const own = [...newest.values()].filter((task) => task.agent?.id === agentId);
  return {
    running: own
      .filter(({ state }) => HELD.has(state))
      .sort((one, other) => time(one.startedAt) - time(other.startedAt)),
    last: own
      .filter(({ finishedAt }) => finishedAt !== null)
      .sort((one, other) => time(other.finishedAt) - time(one.finishedAt))[0],
  };
}

/** What has no time yet is the newest. */
function time(at: string | null): number {
  return at === null ? Infinity : Date.parse(at);
}
