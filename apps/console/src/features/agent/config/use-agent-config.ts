"use client";
import { graphql } from "#api/generated/gql.ts";
import { useLiveQuery } from "#live/use-live-query.ts";

const ConfigQuery = graphql(`
  query AgentConfig($id: ID!, $version: Int!) {
    node(id: $id) {
      __typename
      id
      ... on Agent {
        state
        project {
          id
          cursor
        }
        ...AgentSettings
        definition {
          id
          edition(number: $version) {
            number
            configSchema
          }
        }
        connected: timeline(last: 1, filter: { types: ["agent.connected"] }) {
          edges {
            node {
              id
              at
            }
          }
        }
        bundles(first: 20) {
          edges {
            node {
              number
              changes
              createdAt
            }
          }
        }
      }
    }
  }
`);

/** What people may change of an agent. */
export const SettingsFragment = graphql(`
  fragment AgentSettings on Agent {
    id
    name
    labels
    maxConcurrency
    config
    configVersion
    definitionVersion
    definition {
      id
      slug
      name
      version
    }
  }
`);

const ConfigFeed = graphql(`
  subscription AgentConfigFeed($project: ID!, $agent: ID!, $types: [String!], $after: String) {
    events(project: $project, after: $after, filter: { subjects: [$agent], types: $types }) {
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

const TYPES = ["agent.updated", "agent.rolled_back", "agent.connected"];

/** What an agent is configured with, kept up to date. */
export function useAgentConfig(id: string, definitionVersion: number) {
  return useLiveQuery({
    query: ConfigQuery,
    variables: { id, version: definitionVersion },
    feed: ({ node }) =>
      node?.__typename === "Agent"
        ? { document: ConfigFeed, variables: { project: node.project.id, agent: node.id, types: TYPES } }
        : null,
    rereadOn: () => true,
    keepsEvents: false,
  });
}
