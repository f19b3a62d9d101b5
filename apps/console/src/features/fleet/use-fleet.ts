"use client";
import { graphql } from "#api/generated/gql.ts";
import { type FleetFilter, narrows } from "#features/fleet/fleet-filter.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const PAGE = 50;

const FleetQuery = graphql(`
  query Fleet(
    $path: String!
    $filter: AgentFilter!
    $first: Int
    $after: String
    $last: Int
    $before: String
    $attention: Boolean!
  ) {
    project(path: $path) {
      id
      cursor
      agentCounts {
        state
        count
      }
      agents(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
        totalCount
        totalIsCapped
        edges {
          node {
            id
            ...FleetAgentRow
          }
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
      }
      attention: agents(
        first: 10
        filter: { states: [ERROR, UNRESPONSIVE] }
        orderBy: { field: STATE_SINCE, direction: DESC }
      ) @include(if: $attention) {
        edges {
          node {
            id
            ...FleetAgentRow
          }
        }
      }
    }
  }
`);

/** What changes the list or its counts, of agents on any page. The rows themselves follow their own events. */
const FleetFeed = graphql(`
  subscription FleetFeed($project: ID!, $after: String, $types: [String!]) {
    events(project: $project, after: $after, filter: { types: $types }) {
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
const TYPES = [
  "agent.registered",
  "agent.transitioned",
  "agent.updated",
  "agent.drain_requested",
  "agent.drain_cancelled",
];

/** A page of the fleet's agents with the counts of all, and, on the first page of everything, those that need somebody. */
export function useFleet(project: ProjectRoute, filter: FleetFilter) {
  const { state, search, after, before } = filter;
  const backwards = before !== undefined;
  return useLiveQuery({
    query: FleetQuery,
    variables: {
      path: projectPath(project),
      filter: { states: state.length > 0 ? [...state] : null, search: search === "" ? null : search },
      ...(backwards ? { last: PAGE, before } : { first: PAGE, after: after ?? null }),
      attention: !narrows(filter) && after === undefined && !backwards,
    },
    feed: ({ project: found }) => found && { document: FleetFeed, variables: { project: found.id, types: TYPES } },
    rereadOn: () => true,
  });
}
