"use client";
import { graphql } from "#api/generated/gql.ts";
import { type ContextsFilter, ROLLBACK_FILTERS } from "#features/contexts/contexts-filter.ts";
import { useLiveList } from "#live/use-live-list.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const ContextsQuery = graphql(`
  query Contexts($path: String!, $filter: ContextFilter!, $first: Int!, $after: String) {
    project(path: $path) {
      id
      cursor
      contexts(first: $first, after: $after, filter: $filter) {
        totalCount
        totalIsCapped
        edges {
          node {
            id
            ...ContextRow
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

const ContextsFeed = graphql(`
  subscription ContextsFeed($project: ID!, $after: String) {
    events(
      project: $project
      after: $after
      filter: { types: ["context.opened", "context.version_written", "context.rollback_settled"] }
    ) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          type
          ... on ContextVersionWritten {
            rolledBackTo
            context {
              id
              ...ContextRow
              ...LastVersion
            }
          }
          ... on RollbackSettled {
            context {
              id
              ...ContextRow
            }
          }
        }
      }
    }
  }
`);

/** The project's contexts that match, kept up to date. */
export function useContexts(project: ProjectRoute, { rollback, search, agent, shared }: ContextsFilter) {
  const states = ROLLBACK_FILTERS[rollback].states;
  return useLiveList({
    query: ContextsQuery,
    variables: {
      path: projectPath(project),
      filter: {
        ...(search !== "" && { search }),
        ...(agent !== undefined && { agent }),
        ...(shared && { shared }),
        ...(states && { rollbackStates: [...states] }),
      },
    },
    connection: (data) => data.project?.contexts,
    feed: ({ project: found }) => found && { document: ContextsFeed, variables: { project: found.id } },
    // Which rows there are: a new one, or one that the filter by rollback takes in or leaves out.
    rereadOn: (event) =>
      event.type === "context.opened" ||
      (states !== undefined && (event.__typename !== "ContextVersionWritten" || event.rolledBackTo !== null)),
  });
}
