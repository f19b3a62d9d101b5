"use client";
import { graphql } from "#api/generated/gql.ts";
import { AnyWorkFeed, SettingsFeed } from "#features/queues/queue-feeds.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { useRereadAfter } from "#live/use-reread-after.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const QueueQuery = graphql(`
  query Queue($path: String!, $name: String!) {
    project(path: $path) {
      id
      cursor
      queue(name: $name) {
        id
        ...QueueFacts
      }
      waiting: tasks(first: 5, filter: { queue: $name, states: [QUEUED] }, orderBy: { field: RUN_AT, direction: ASC }) {
        edges {
          node {
            id
            title
            runAt
            priority
            ...Blockers
          }
        }
      }
    }
  }
`);

/** One queue and the tasks that have waited longest in it, with what is in their way. */
export function useQueue(project: ProjectRoute, name: string) {
  const variables = { path: projectPath(project), name };
  const live = useLiveQuery({
    query: QueueQuery,
    variables,
    feed: ({ project: found }) => found && { document: SettingsFeed, variables: { project: found.id } },
    rereadOn: () => true,
  });
  const found = live.data?.project;
  useRereadAfter({
    query: QueueQuery,
    variables,
    cursor: live.cursor,
    feed: found ? { document: AnyWorkFeed, variables: { project: found.id } } : null,
  });
  return live;
}
