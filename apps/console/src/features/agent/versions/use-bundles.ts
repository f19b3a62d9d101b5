"use client";
import { graphql } from "#api/generated/gql.ts";
import { type PageView, pageArguments } from "#api/page-view.ts";
import { useLiveQuery } from "#live/use-live-query.ts";

const BundlesQuery = graphql(`
  query AgentBundles($id: ID!, $first: Int, $last: Int, $after: String, $before: String) {
    node(id: $id) {
      __typename
      id
      ... on Agent {
        bundle
        project {
          id
          cursor
        }
        ...RollbackStanding
        bundles(first: $first, last: $last, after: $after, before: $before) {
          edges {
            node {
              number
              ...BundleRow
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
  }
`);

const BundlesFeed = graphql(`
  subscription AgentBundlesFeed($project: ID!, $agent: ID!, $types: [String!], $after: String) {
    events(project: $project, after: $after, filter: { agents: [$agent], types: $types }) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          id
          type
        }
      }
    }
  }
`);

/** What makes bundles, and how a rollback goes on. */
const TYPES = [
  "agent.updated",
  "agent.rolled_back",
  "agent.connected",
  "context.opened",
  "context.version_written",
  "context.rollback_confirmed",
  "context.rollback_settled",
  "context.rollback_retried",
  "context.rollback_agent_dropped",
];

const PAGE = 30;

/** One page of an agent's bundles, kept up to date, and how its last rollback stands. */
export function useBundles(id: string, page: PageView) {
  return useLiveQuery({
    query: BundlesQuery,
    variables: { id, ...pageArguments(page, PAGE) },
    feed: ({ node }) =>
      node?.__typename === "Agent"
        ? { document: BundlesFeed, variables: { project: node.project.id, agent: node.id, types: TYPES } }
        : null,
    rereadOn: () => true,
    keepsEvents: false,
  });
}
