"use client";
import { graphql } from "#api/generated/gql.ts";
import { pageArguments } from "#api/page-view.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { type DefinitionView, projectPath, type ProjectRoute } from "#routes.ts";

const AgentsQuery = graphql(`
  query DefinitionAgentsPage(
    $path: String!
    $filter: AgentFilter!
    $first: Int
    $after: String
    $last: Int
    $before: String
  ) {
    project(path: $path) {
      id
      cursor
      agents(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
        totalCount
        totalIsCapped
        edges {
          node {
            id
            ...DefinitionAgentRow
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
`);

const AgentsFeed = graphql(`
  subscription DefinitionAgentsFeed($project: ID!, $agents: [ID!]!, $after: String) {
    events(
      project: $project
      after: $after
      filter: { agents: $agents, types: ["agent.transitioned", "agent.updated", "agent.rolled_back"] }
    ) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          type
          ... on AgentTransitioned {
            agent {
              id
              ...DefinitionAgentRow
            }
          }
        }
      }
    }
  }
`);

/** One page of the project's agents of a definition, with one of its versions or any. */
export function useDefinitionAgents(project: ProjectRoute, slug: string, view: DefinitionView) {
  const { version, after, before } = view;
  const definitionVersion = /^[1-9]\d{0,8}$/.test(version ?? "") ? Number(version) : null;
  return useLiveQuery({
    query: AgentsQuery,
    variables: {
      path: projectPath(project),
      filter: { definitionSlug: slug, ...(definitionVersion !== null && { definitionVersion }) },
      ...pageArguments({ after, before }),
    },
    feed: ({ project: found }) =>
      found && {
        document: AgentsFeed,
        variables: { project: found.id, agents: found.agents.edges.map(({ node }) => node.id) },
      },
    // Their states are in the events; of which version they are is not.
    rereadOn: ({ type }) => type !== "agent.transitioned",
    keepsEvents: false,
  });
}
