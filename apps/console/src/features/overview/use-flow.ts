"use client";
import { useRef } from "react";
import { useClient } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { useLatest } from "#components/use-latest.ts";
import { flowSpan, type FlowRange, RANGES } from "#features/overview/flow-range.ts";
import { useEndedSince } from "#features/overview/use-ended-since.ts";
import { useMinute } from "#features/overview/use-minute.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const FlowQuery = graphql(`
  query Flow(
    $path: String!
    $since: DateTime!
    $until: DateTime!
    $buckets: Int!
    $lateBefore: DateTime!
    $recent: DateTime!
  ) {
    project(path: $path) {
      id
      cursor
      taskStatistics(since: $since, until: $until, buckets: $buckets) {
        ...FlowStatistics
      }
      dead: tasks(first: 3, filter: { states: [FAILED], replayed: false, createdAfter: $recent }) {
        totalCount
        totalIsCapped
        edges {
          node {
            id
            ...DeadTask
          }
        }
      }
      late: tasks(
        first: 1
        filter: { states: [QUEUED], runBefore: $lateBefore }
        orderBy: { field: RUN_AT, direction: ASC }
      ) {
        totalCount
        totalIsCapped
        edges {
          node {
            id
            ...LateTask
          }
        }
      }
      failed: tasks(first: 1, filter: { states: [FAILED], createdAfter: $recent }) {
        edges {
          node {
            id
            finishedAt
          }
        }
      }
    }
  }
`);

const FlowFeed = graphql(`
  subscription FlowFeed($project: ID!, $after: String) {
    events(
      project: $project
      after: $after
      filter: { types: ["task.transitioned"], states: ["SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED"] }
    ) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          at
          ... on TaskTransitioned {
            to
          }
        }
      }
    }
  }
`);

/** What is due for a minute and has not been handed out is late. */
const LATE_AFTER_MS = 60_000;
/** What failed longer ago is nobody's concern any more. */
export const RECENT_DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * What ended in the range and how long it took, what has failed and what is late. What ends is added at once, and read again with
 * all else some seconds later.
 */
export function useFlow(project: ProjectRoute, range: FlowRange) {
  const client = useClient();
  const minute = useMinute();
  const variables = {
    path: projectPath(project),
    ...flowSpan(range, minute),
    buckets: RANGES[range].buckets,
    lateBefore: new Date(minute - LATE_AFTER_MS).toISOString(),
    recent: new Date(minute - RECENT_DAYS * DAY_MS).toISOString(),
  };
  const latest = useRef(variables);
  latest.current = variables;
  const { ended, note, readSoon } = useEndedSince(async () => {
    const result = await client.query(FlowQuery, latest.current, { requestPolicy: "network-only" }).toPromise();
    return result.error === undefined;
  });

  const live = useLiveQuery({
    query: FlowQuery,
    variables,
    feed: ({ project: found }) => found && { document: FlowFeed, variables: { project: found.id } },
    rereadOn: (event) => {
      if ("to" in event) note({ at: Date.parse(event.at), state: event.to });
      return false;
    },
    keepsEvents: false,
  });

  const data = useLatest(live.data, live.data !== undefined);
  return { data, busy: live.data === undefined, error: live.error, ended, readSoon, recent: variables.recent };
}
