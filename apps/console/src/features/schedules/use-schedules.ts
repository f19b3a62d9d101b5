"use client";
import { graphql } from "#api/generated/gql.ts";
import { pageArguments } from "#api/page-view.ts";
import { usePassing } from "#features/schedules/use-passing.ts";
import type { SchedulesFilter } from "#features/schedules/schedules-view.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { useRereadAfter } from "#live/use-reread-after.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const SchedulesQuery = graphql(`
  query Schedules($path: String!, $filter: ScheduleFilter, $first: Int, $after: String, $last: Int, $before: String) {
    project(path: $path) {
      id
      cursor
      schedules(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
        totalCount
        totalIsCapped
        edges {
          node {
            id
            nextRunAt
            tasks(first: 1) {
              edges {
                node {
                  id
                  finishedAt
                }
              }
            }
            ...ScheduleRow
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

const SchedulesFeed = graphql(`
  subscription SchedulesFeed($project: ID!, $after: String) {
    events(
      project: $project
      after: $after
      filter: {
        types: [
          "schedule.created"
          "schedule.updated"
          "schedule.paused"
          "schedule.resumed"
          "schedule.deleted"
          "schedule.triggered"
          "schedule.failed"
          "schedule.skipped"
        ]
      }
    ) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
        }
      }
    }
  }
`);

/** How the last runs end. */
const LastRunsFeed = graphql(`
  subscription ScheduleLastRunsFeed($project: ID!, $tasks: [ID!]!, $after: String) {
    taskUpdates(project: $project, tasks: $tasks, after: $after) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          ... on TaskTransitioned {
            task {
              id
              state
              stateSince
              finishedAt
            }
          }
        }
      }
    }
  }
`);

/**
 * A page of the project's schedules. What people do is there at once. That a schedule came to its time is no event of its own:
 * the page knows when that is, and reads again then; how the runs go it follows.
 */
export function useSchedules(project: ProjectRoute, { paused, search, after, before }: SchedulesFilter) {
  const variables = {
    path: projectPath(project),
    filter: { ...(paused !== undefined && { paused }), ...(search && { search }) },
    ...pageArguments({ after, before }),
  };
  const live = useLiveQuery({
    query: SchedulesQuery,
    variables,
    feed: ({ project: found }) => found && { document: SchedulesFeed, variables: { project: found.id } },
    rereadOn: () => true,
  });
  const found = live.data?.project;
  const nodes = found?.schedules.edges.map(({ node }) => node) ?? [];
  const open = nodes.flatMap(({ tasks }) =>
    tasks.edges.flatMap(({ node }) => (node.finishedAt === null ? [node.id] : [])),
  );
  const reread = useRereadAfter({
    query: SchedulesQuery,
    variables,
    cursor: live.cursor,
    feed: found && open.length > 0 ? { document: LastRunsFeed, variables: { project: found.id, tasks: open } } : null,
    everyMs: 500,
  });
  usePassing(
    nodes.map(({ nextRunAt }) => nextRunAt),
    reread,
  );
  return live;
}
