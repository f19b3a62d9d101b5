"use client";
import { graphql } from "#api/generated/gql.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const DeadTasksQuery = graphql(`
  query DeadTasks($path: String!) {
    project(path: $path) {
      id
      cursor
      dead: tasks(first: 1, filter: { states: [FAILED] }) {
        totalCount
        totalIsCapped
      }
    }
  }
`);

/** Only those that fail: there are as many others as there is work. */
const DeadTasksFeed = graphql(`
  subscription DeadTasksFeed($project: ID!, $after: String) {
    taskUpdates(project: $project, after: $after, states: [FAILED]) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          id
        }
      }
    }
  }
`);

/** How many of the project's tasks have failed for good. */
export function useDeadTasks(project: ProjectRoute): { count: number; isCapped: boolean } | undefined {
  const { data } = useLiveQuery({
    query: DeadTasksQuery,
    variables: { path: projectPath(project) },
    feed: ({ project: found }) => found && { document: DeadTasksFeed, variables: { project: found.id } },
    rereadOn: () => true,
  });
  const dead = data?.project?.dead;
  return dead && { count: dead.totalCount, isCapped: dead.totalIsCapped };
}
