import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { textIn, valueIn } from "#events/event-payload.ts";
import type { TaskMove } from "#features/tasks/attempts.ts";

/** What the page of a task tells of an event: a line, and where the task went. */
export const TaskEventFragment = graphql(`
  fragment TaskEvent on Event {
    __typename
    id
    subjectId
    at
    reason
    payload
    actor {
      kind
      name
    }
    ...EventLine
    ... on TaskTransitioned {
      taskFrom: from
      taskTo: to
      attempt
      durationMs
      agent {
        id
        name
      }
    }
  }
`);

export type TaskEvent = FragmentType<typeof TaskEventFragment> & { readonly id: string };

/** The moves of a task among events, which are given the newest first; the oldest comes first. */
export function movesOf(taskId: string, events: readonly TaskEvent[]): TaskMove[] {
  return events
    .map((event) => readFragment(TaskEventFragment, event))
    .flatMap((event) => {
      if (event.__typename !== "TaskTransitioned" || event.subjectId !== taskId) return [];
      const { id, at, taskFrom: from, taskTo: to, attempt, durationMs, agent, reason } = event;
      return [{ id, at, from, to, attempt, durationMs, agent, reason, error: errorIn(event.payload) }];
    })
    .reverse();
}

function errorIn(payload: unknown): TaskMove["error"] {
  const error = valueIn(payload, "error");
  const message = textIn(error, "message");
  return message === undefined ? null : { kind: textIn(error, "kind") ?? "error", message };
}
