"use client";
import { graphql } from "#api/generated/gql.ts";
import type { AgentFilter } from "#api/generated/graphql.ts";
import type { TableOrder } from "#components/table/table-order.ts";
import { useLiveList } from "#live/use-live-list.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const FleetQuery = graphql(`
  query Fleet(
    $path: String!
    $filter: AgentFilter!
    $counted: AgentFilter!
    $orderBy: AgentOrder!
    $attention: Boolean!
    $brief: Boolean!
    $first: Int!
    $after: String
    $head: Boolean!
  ) {
    project(path: $path) {
      id
      cursor
      all: agentCounts @include(if: $head) {
        state
        count
      }
      agentCounts(filter: $counted) @include(if: $head) {
        state
        count
      }
      agents(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
        totalCount
        totalIsCapped
        edges {
          node {
            id
            ...FleetAgentNow @include(if: $brief)
            ...FleetAgentRow @skip(if: $brief)
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
      ... on Project @include(if: $head) {
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
  }
`);

/** What changes the list or its counts. All loaded rows are kept up to date by it; those in sight follow their tasks, too. */
const FleetFeed = graphql(`
  subscription FleetFeed($project: ID!, $after: String, $types: [String!]) {
    events(project: $project, after: $after, filter: { types: $types }) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          ... on AgentTransitioned {
            agent {
              id
              ...FleetAgentNow
            }
          }
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

const FIELDS = { name: "NAME", since: "STATE_SINCE", registered: "CREATED_AT" } as const;

interface FleetQuestion {
  readonly filter: AgentFilter;
  readonly order: TableOrder;
  /** Whether those that need somebody are read as well. */
  readonly attention: boolean;
  /** Only what a cell of the grid shows of each. */
  readonly brief: boolean;
}

/** The agents that match, with the counts of all that match whatever their state, and those that need somebody. */
export function useFleet(project: ProjectRoute, { filter, order, attention, brief }: FleetQuestion) {
  const { states, ...counted } = filter;
  const field = FIELDS[order.by as keyof typeof FIELDS] ?? "NAME";
  return useLiveList({
    query: FleetQuery,
    variables: {
      path: projectPath(project),
      filter,
      counted,
      orderBy: { field, direction: order.descending ? "DESC" : "ASC" },
      attention,
      brief,
    },
    connection: ({ project: found }) => found?.agents,
    feed: ({ project: found }) => found && { document: FleetFeed, variables: { project: found.id, types: TYPES } },
    rereadOn: () => true,
    // An agent that changes its state stays where it is, unless the list is about states or about since when.
    movesRows: ({ __typename }) => __typename !== "AgentTransitioned" || Boolean(states) || field === "STATE_SINCE",
  });
}
