"use client";
import { useEffect, useRef } from "react";
import { useClient } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { useLiveQuery } from "#live/use-live-query.ts";

const ContextsQuery = graphql(`
  query AgentContexts($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Agent {
        name
        project {
          id
          cursor
        }
        contexts(first: 100) {
          totalCount
          edges {
            node {
              id
              ...AgentContextRow
              ...OwnReading
            }
          }
        }
        readContexts(first: 100, shared: true) {
          totalCount
          edges {
            node {
              ...SharedReading
              context {
                id
                ...AgentContextRow
              }
            }
          }
        }
      }
    }
  }
`);

const ContextsFeed = graphql(`
  subscription AgentContextsFeed($project: ID!, $contexts: [ID!], $after: String) {
    events(project: $project, after: $after, filter: { contexts: $contexts }) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          type
          ... on ContextVersionWritten {
            context {
              id
              ...AgentContextRow
            }
          }
          ... on RollbackSettled {
            context {
              id
              ...AgentContextRow
            }
          }
        }
      }
    }
  }
`);

interface Asked {
  readonly id: string;
  /** The number of the agent's transitions: with its work it loads versions, of which there is no event. */
  readonly version: number;
}

const REREAD_EVERY_MS = 1_000;

/** What an agent knows: its own contexts and the shared ones that it uses, kept up to date. */
export function useAgentContexts({ id, version }: Asked) {
  const client = useClient();
  const variables = { id };
  const { data, error } = useLiveQuery({
    query: ContextsQuery,
    variables,
    feed: ({ node }) => {
      if (node?.__typename !== "Agent") return null;
      const shared = node.readContexts.edges.map((edge) => edge.node.context.id);
      const contexts = [...node.contexts.edges.map((edge) => edge.node.id), ...shared].sort();
      return contexts.length === 0
        ? null
        : { document: ContextsFeed, variables: { project: node.project.id, contexts } };
    },
    rereadOn: () => true,
    keepsEvents: false,
  });

  const read = useRef(() => {});
  read.current = () => void client.query(ContextsQuery, variables, { requestPolicy: "network-only" }).toPromise();
  const seen = useRef(version);
  useEffect(() => {
    if (seen.current === version) return undefined;
    const timer = setTimeout(() => {
      seen.current = version;
      read.current();
    }, REREAD_EVERY_MS);
    return () => clearTimeout(timer);
  }, [version]);
  return { data, error };
}
