"use client";
import { graphql } from "#api/generated/gql.ts";
import { useContextView } from "#features/contexts/context-view.tsx";
import { useLiveQuery } from "#live/use-live-query.ts";
import { projectPath } from "#routes.ts";

graphql(`
  fragment AskedAgent on Agent {
    id
    state
    activeTasks
    pendingAction
  }
`);

const AskedQuery = graphql(`
  query AskedAgents($path: String!, $ids: [ID!]!) {
    project(path: $path) {
      id
      cursor
    }
    nodes(ids: $ids) {
      __typename
      id
      ...AskedAgent
    }
  }
`);

const AskedFeed = graphql(`
  subscription AskedAgentsFeed($project: ID!, $agents: [ID!]!, $after: String) {
    agentTransitions(project: $project, agents: $agents, after: $after) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          ... on AgentTransitioned {
            agent {
              id
              ...AskedAgent
            }
          }
        }
      }
    }
  }
`);

/** Keeps what agents do up to date, for as long as they are waited for. Shows nothing itself. */
export function AskedAgents({ agents }: { readonly agents: readonly string[] }) {
  const { project } = useContextView();
  useLiveQuery({
    query: AskedQuery,
    variables: { path: projectPath(project), ids: [...agents].sort() },
    feed: ({ project: found, nodes }) =>
      found && {
        document: AskedFeed,
        variables: { project: found.id, agents: nodes.flatMap((node) => (node ? [node.id] : [])) },
      },
  });
  return null;
}
