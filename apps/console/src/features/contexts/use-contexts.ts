"use client";
import { graphql } from "#api/generated/gql.ts";
import { type ContextsFilter, ROLLBACK_FILTERS } from "#features/contexts/contexts-filter.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const ContextsQuery = graphql(`
  query Contexts(
    $path: String!
    $first: Int
    $after: String
    $last: Int
    $before: String
    $search: String
    $states: [RollbackState!]
  ) {
    project(path: $path) {
      id
      cursor
      contexts(
        first: $first
        after: $after
        last: $last
        before: $before
        filter: { search: $search, rollbackStates: $states }
      ) {
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
          hasPreviousPage
          startCursor
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

const PAGE = 50;

/** One page of the project's contexts, kept up to date. */
export function useContexts(project: ProjectRoute, { rollback, search, after, before }: ContextsFilter) {
  const states = ROLLBACK_FILTERS[rollback].states;
  return useLiveQuery({
    query: ContextsQuery,
    variables: {
      path: projectPath(project),
      ...(before === undefined ? { first: PAGE, after: after ?? null } : { last: PAGE, before }),
      search: search || null,
      states: states ? [...states] : null,
    },
    feed: ({ project: found }) => found && { document: ContextsFeed, variables: { project: found.id } },
    // Which rows there are: a new one, or one that the filter by rollback takes in or leaves out.
    rereadOn: (event) =>
      event.type === "context.opened" ||
      (states !== undefined && (event.__typename !== "ContextVersionWritten" || event.rolledBackTo !== null)),
  });
}
