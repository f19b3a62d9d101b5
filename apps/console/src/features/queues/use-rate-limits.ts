"use client";
import { useEffect } from "react";
import { graphql } from "#api/generated/gql.ts";
import { pageArguments } from "#api/page-view.ts";
import { AnyWorkFeed, SettingsFeed } from "#features/queues/queue-feeds.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { useRereadAfter } from "#live/use-reread-after.ts";
import { projectPath, type ProjectRoute, type QueuesView } from "#routes.ts";

const RateLimitsQuery = graphql(`
  query RateLimits($path: String!, $search: String, $first: Int, $after: String, $last: Int, $before: String) {
    project(path: $path) {
      id
      cursor
      queues(first: 1) {
        totalCount
      }
      rateLimits(search: $search, first: $first, after: $after, last: $last, before: $before) {
        totalCount
        edges {
          node {
            id
            available
            max
            periodMs
            ...RateLimitFacts
          }
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
      }
    }
  }
`);

const [SOONEST_MS, LATEST_MS] = [2_000, 30_000];

/**
 * A page of the project's rate limits. Tokens come back without an event: while some are missing, the page reads again about
 * when the next one is there.
 */
export function useRateLimits(project: ProjectRoute, { search, after, before }: QueuesView) {
  const variables = {
    path: projectPath(project),
    search: search ?? null,
    ...pageArguments({ after, before }),
  };
  const live = useLiveQuery({
    query: RateLimitsQuery,
    variables,
    feed: ({ project: found }) => found && { document: SettingsFeed, variables: { project: found.id } },
    rereadOn: () => true,
  });
  const found = live.data?.project;
  const reread = useRereadAfter({
    query: RateLimitsQuery,
    variables,
    cursor: live.cursor,
    feed: found ? { document: AnyWorkFeed, variables: { project: found.id } } : null,
  });
  const next = Math.min(
    ...(found?.rateLimits.edges ?? [])
      .filter(({ node }) => node.available < node.max)
      .map(({ node }) => node.periodMs / node.max),
  );
  useEffect(() => {
    if (next === Infinity) return undefined;
    const look = () => document.visibilityState === "visible" && reread();
    const timer = setInterval(look, Math.min(LATEST_MS, Math.max(SOONEST_MS, next)));
    return () => clearInterval(timer);
  }, [next, reread]);
  return live;
}
