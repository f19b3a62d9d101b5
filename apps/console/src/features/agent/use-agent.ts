"use client";
import { useEffect, useRef } from "react";
import { useClient } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { useLiveQuery } from "#live/use-live-query.ts";

const AgentQuery = graphql(`
  query Agent($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Agent {
        project {
          id
          path
          cursor
        }
        ...LiveAgent
        ...AgentTabs
      }
    }
  }
`);

const AgentFeed = graphql(`
  subscription AgentFeed($project: ID!, $agent: ID!, $after: String) {
    events(project: $project, after: $after, filter: { agents: [$agent] }) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          type
          ... on AgentTransitioned {
            agent {
              ...LiveAgent
            }
          }
          ... on TaskTransitioned {
            agent {
              id
              activeTasks
              available
              lastHeartbeatAt
            }
          }
          ... on ContextVersionWritten {
            context {
              id
              agent {
                id
                bundle
              }
            }
          }
        }
      }
    }
  }
`);

const CountsQuery = graphql(`
  query AgentTabCounts($id: ID!) {
    node(id: $id) {
      id
      ... on Agent {
        ...AgentTabs
      }
    }
  }
`);

/** What only the query tells: these events carry no agent, and change what its head shows. */
const REREAD = new Set([
  "agent.drain_requested",
  "agent.drain_cancelled",
  "agent.updated",
  "agent.rolled_back",
  "agent.connected",
  "context.opened",
]);
/** An agent at work has hundreds of events a minute; how many tasks it has had is not worth a question for each. */
const COUNT_EVERY_MS = 10_000;

/** One agent, kept up to date. */
export function useAgent(id: string) {
  const { data, error } = useLiveQuery({
    query: AgentQuery,
    variables: { id },
    feed: ({ node }) =>
      node?.__typename === "Agent"
        ? { document: AgentFeed, variables: { project: node.project.id, agent: node.id } }
        : null,
    rereadOn: (event) => {
      if (event.__typename === "TaskTransitioned") count();
      return REREAD.has(event.type);
    },
    keepsEvents: false,
  });
  const count = useCounting(id);
  return { data, error };
}

/** Counts again a while after it was asked for, once for all that happens meanwhile. */
function useCounting(id: string): () => void {
  const client = useClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [id],
  );
  return () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void client.query(CountsQuery, { id }, { requestPolicy: "network-only" }).toPromise();
    }, COUNT_EVERY_MS);
  };
}
