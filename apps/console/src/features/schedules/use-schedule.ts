"use client";
import { graphql } from "#api/generated/gql.ts";
import { pageArguments } from "#api/page-view.ts";
import { usePassing } from "#features/schedules/use-passing.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { useRereadAfter } from "#live/use-reread-after.ts";

const ScheduleQuery = graphql(`
  query Schedule($id: ID!, $subjects: [ID!]!, $first: Int, $after: String, $last: Int, $before: String) {
    node(id: $id) {
      __typename
      id
      ... on Schedule {
        name
        nextRunAt
        deletedAt
        project {
          id
          path
          cursor
          history: events(last: 20, filter: { subjects: $subjects }) {
            edges {
              node {
                id
                ...EventLine
              }
            }
          }
        }
        tasks(first: $first, after: $after, last: $last, before: $before) {
          totalCount
          totalIsCapped
          edges {
            node {
              id
              finishedAt
              ...ScheduleTask
            }
          }
          pageInfo {
            hasNextPage
            hasPreviousPage
            startCursor
            endCursor
          }
        }
        ...ScheduleFacts
      }
    }
  }
`);

const ScheduleFeed = graphql(`
  subscription ScheduleFeed($project: ID!, $subjects: [ID!]!, $after: String) {
    events(project: $project, after: $after, filter: { subjects: $subjects }) {
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

/** The tasks of the page that have not ended. */
const RunsFeed = graphql(`
  subscription ScheduleRunsFeed($project: ID!, $tasks: [ID!]!, $after: String) {
    taskUpdates(project: $project, tasks: $tasks, after: $after) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          ... on TaskTransitioned {
            task {
              id
              finishedAt
              ...ScheduleTask
            }
          }
        }
      }
    }
  }
`);

const PAGE = 20;

/** One schedule with a page of its tasks and its history: what is done to it at once, its runs as they go. */
export function useSchedule(id: string, { after, before }: { after: string | undefined; before: string | undefined }) {
  const variables = {
    id,
    subjects: [id],
    ...pageArguments({ after, before }, PAGE),
  };
  const live = useLiveQuery({
    query: ScheduleQuery,
    variables,
    feed: ({ node }) =>
      node?.__typename === "Schedule"
        ? { document: ScheduleFeed, variables: { project: node.project.id, subjects: [node.id] } }
        : null,
    rereadOn: () => true,
  });
  const found = live.data?.node?.__typename === "Schedule" ? live.data.node : null;
  const open = found?.tasks.edges.flatMap(({ node }) => (node.finishedAt === null ? [node.id] : [])) ?? [];
  const reread = useRereadAfter({
    query: ScheduleQuery,
    variables,
    cursor: live.cursor,
    feed:
      found && open.length > 0 ? { document: RunsFeed, variables: { project: found.project.id, tasks: open } } : null,
    everyMs: 300,
  });
  usePassing([found?.nextRunAt ?? null], reread);
  return live;
}
