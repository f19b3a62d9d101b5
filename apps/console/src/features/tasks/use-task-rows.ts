"use client";
import type { TaskState } from "#api/generated/graphql.ts";
import { graphql } from "#api/generated/gql.ts";
import { useFollowed } from "#live/use-sight.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const TaskRowsQuery = graphql(`
  query TaskRows($path: String!, $tasks: [ID!]!) {
    project(path: $path) {
      id
      cursor
    }
    nodes(ids: $tasks) {
      __typename
      id
      ... on Task {
        ...TaskRow
      }
    }
  }
`);

const TaskRowsFeed = graphql(`
  subscription TaskRowsFeed($project: ID!, $tasks: [ID!]!, $after: String) {
    taskUpdates(project: $project, tasks: $tasks, after: $after) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          ... on TaskTransitioned {
            taskFrom: from
            taskTo: to
            task {
              id
              ...TaskRow
            }
          }
        }
      }
    }
  }
`);

/** Keeps the rows of these tasks, those in sight, up to date, wherever they are shown; tells how each moves. */
export function useTaskRows(
  project: ProjectRoute,
  tasks: readonly string[],
  onMove: (from: TaskState | null, to: TaskState) => void,
): void {
  const followed = [...useFollowed(tasks)];
  useLiveQuery({
    query: TaskRowsQuery,
    variables: { path: projectPath(project), tasks: followed },
    feed: ({ project: found }) =>
      found && followed.length > 0
        ? { document: TaskRowsFeed, variables: { project: found.id, tasks: followed } }
        : null,
    onEvent: (event) => {
      if (event.__typename === "TaskTransitioned") onMove(event.taskFrom, event.taskTo);
    },
    keepsEvents: false,
  });
}
