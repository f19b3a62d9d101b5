"use client";
import { graphql } from "#api/generated/gql.ts";
import { pageArguments } from "#api/page-view.ts";
import { AnyWorkFeed, SettingsFeed } from "#features/queues/queue-feeds.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { useRereadAfter } from "#live/use-reread-after.ts";
import { projectPath, type ProjectRoute, type QueuesView } from "#routes.ts";

const QueuesQuery = graphql(`
  query Queues($path: String!, $search: String, $first: Int, $after: String, $last: Int, $before: String) {
    project(path: $path) {
      id
      cursor
      queues(search: $search, first: $first, after: $after, last: $last, before: $before) {
        totalCount
        totalIsCapped
        edges {
          node {
            id
            ...QueueFacts
          }
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
      }
      rateLimits(first: 1) {
        totalCount
      }
    }
  }
`);

/** A page of the project's queues. Who pauses and limits them is there at once; how deep they are is read again every few seconds. */
export function useQueues(project: ProjectRoute, { search, after, before }: QueuesView) {
  const variables = {
    path: projectPath(project),
    search: search ?? null,
    ...pageArguments({ after, before }),
  };
  const live = useLiveQuery({
    query: QueuesQuery,
    variables,
    feed: ({ project: found }) => found && { document: SettingsFeed, variables: { project: found.id } },
    rereadOn: () => true,
  });
  const found = live.data?.project;
  useRereadAfter({
    query: QueuesQuery,
    variables,
    cursor: live.cursor,
    feed: found ? { document: AnyWorkFeed, variables: { project: found.id } } : null,
  });
  return live;
}
