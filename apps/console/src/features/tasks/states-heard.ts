import type { TaskFilter, TaskState } from "#api/generated/graphql.ts";

/** By these a task comes into a list that asks for no states: it was made, was given to an agent, or has failed of something. */
const COMING: readonly TaskState[] = ["WAITING", "QUEUED", "ASSIGNED", "FAILED"];

/** The states into which a task has to move for a list to hear of it: null for any, where the list leaves nothing out. */
export function statesHeard({ states, ...others }: TaskFilter): TaskState[] | null {
  if (states) return [...states];
  return Object.values(others).some((value) => value != null) ? [...COMING] : null;
}
