"use client";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { relatedIds, RelationsFragment } from "#features/tasks/task-relations-fragment.ts";
import { taskHasEnded } from "#lifecycles/task-states.tsx";
import { useLiveQuery } from "#live/use-live-query.ts";
import { useWatched } from "#live/use-watched.ts";

const TaskQuery = graphql(`
  query Task($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Task {
        title
        state
        project {
          id
          path
          cursor
        }
        ...TaskBody
        ...TaskData
        ...TaskRelations
        ...TaskTimeline
      }
    }
  }
`);

const TaskFeed = graphql(`
  subscription TaskFeed($project: ID!, $subjects: [ID!]!, $after: String) {
    events(project: $project, after: $after, filter: { subjects: $subjects }) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          subjectId
          ...EventLine
          ...TaskEvent
          ... on TaskTransitioned {
            task {
              id
              ...TaskBody
              ...TaskData
              ...TaskLink
            }
          }
        }
      }
    }
  }
`);

/** What no event tells: how far a run is, and what is in the way of one that waits. */
const TaskWatched = graphql(`
  subscription TaskWatched($id: ID!) {
    task(id: $id) {
      id
      ...TaskBody
    }
  }
`);

/** One task with all that happens to it, and to those it stands with, kept up to date. */
export function useTask(id: string) {
  const live = useLiveQuery({
    query: TaskQuery,
    variables: { id },
    feed: ({ node }) =>
      node?.__typename === "Task"
        ? {
            document: TaskFeed,
            variables: {
              project: node.project.id,
              subjects: [node.id, ...relatedIds(readFragment(RelationsFragment, node))],
            },
          }
        : null,
  });
  const node = live.data?.node;
  const task = node?.__typename === "Task" && node.id === id ? node : null;
  useWatched(TaskWatched, { id }, { pause: task === null || taskHasEnded(task.state) });
  return { ...live, task };
}
