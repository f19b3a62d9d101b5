"use client";
import { useState } from "react";
import { graphql } from "#api/generated/gql.ts";
import { useLiveQuery } from "#live/use-live-query.ts";

const HealthQuery = graphql(`
  query AgentHealth($id: ID!, $since: DateTime!) {
    node(id: $id) {
      __typename
      id
      ... on Agent {
        project {
          id
          cursor
        }
        ...HealthNow
        ...DayShares
        ...LastErrors
      }
    }
  }
`);

const HealthFeed = graphql(`
  subscription AgentHealthFeed($project: ID!, $agent: ID!, $after: String) {
    events(project: $project, after: $after, filter: { agents: [$agent] }) {
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

const DAY_MS = 24 * 60 * 60_000;

/** How an agent is doing, read again with whatever happens to it. */
export function useHealth(id: string) {
  const [since] = useState(() => new Date(Date.now() - DAY_MS).toISOString());
  return useLiveQuery({
    query: HealthQuery,
    variables: { id, since },
    feed: ({ node }) =>
      node?.__typename === "Agent"
        ? { document: HealthFeed, variables: { project: node.project.id, agent: node.id } }
        : null,
    rereadOn: () => true,
    keepsEvents: false,
  });
}
