"use client";
import { graphql } from "#api/generated/gql.ts";
import { useLiveQuery } from "#live/use-live-query.ts";

const CauseQuery = graphql(`
  query AgentCause($id: ID!, $since: DateTime!, $before: DateTime!) {
    node(id: $id) {
      __typename
      id
      ... on Agent {
        project {
          id
          cursor
        }
        cause: timeline(last: 1, filter: { types: ["agent.transitioned"] }) {
          edges {
            node {
              id
              at
              reason
              actor {
                kind
                name
              }
            }
          }
        }
        failures: timeline(last: 10, filter: { types: ["agent.transitioned"], states: ["ERROR", "UNRESPONSIVE"] }) {
          edges {
            node {
              id
              at
            }
          }
        }
        lost: timeline(
          first: 20
          filter: { types: ["task.transitioned"], after: $before, states: ["QUEUED", "WAITING", "FAILED"] }
        ) {
          edges {
            node {
              id
              ... on TaskTransitioned {
                from
                task {
                  id
                  ...LostTask
                }
              }
            }
          }
        }
        bundles(first: 1) {
          edges {
            node {
              number
              changes
              createdAt
              author {
                name
              }
            }
          }
        }
        own: readContexts(last: 10, shared: false) {
          edges {
            node {
              ...KnownContext
            }
          }
        }
        shared: readContexts(first: 20, shared: true) {
          edges {
            node {
              ...KnownContext
            }
          }
        }
      }
    }
  }
`);

const LostFeed = graphql(`
  subscription LostTasksFeed($project: ID!, $agent: ID!, $after: String) {
    events(project: $project, after: $after, filter: { agents: [$agent], types: ["task.transitioned"] }) {
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

/** Tasks are let go of in the same transaction, whose first rows are an instant older. */
const TOLERANCE_MS = 1_000;

/** How an agent came to where it stands: asked for only when it does not work. Tasks that it loses later are told, too. */
export function useCause({ id, since }: { readonly id: string; readonly since: string }) {
  const before = new Date(Date.parse(since) - TOLERANCE_MS).toISOString();
  const { data } = useLiveQuery({
    query: CauseQuery,
    variables: { id, since, before },
    feed: ({ node }) =>
      node?.__typename === "Agent"
        ? { document: LostFeed, variables: { project: node.project.id, agent: node.id } }
        : null,
    rereadOn: () => true,
    keepsEvents: false,
  });
  return data?.node?.__typename === "Agent" ? data.node : null;
}
