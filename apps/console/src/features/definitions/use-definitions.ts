"use client";
import { graphql } from "#api/generated/gql.ts";
import { pageArguments } from "#api/page-view.ts";
import { DefinitionsFeed } from "#features/definitions/definitions-feed.ts";
import { useRereadOnReturn } from "#features/definitions/use-reread-on-return.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { type DefinitionsView, projectPath, type ProjectRoute } from "#routes.ts";

const DefinitionsQuery = graphql(`
  query Definitions($path: String!, $of: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    project(path: $path) {
      id
      cursor
      definitions(first: $first, after: $after, last: $last, before: $before) {
        totalCount
        edges {
          node {
            id
            ...DefinitionRow
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

/** One page of the definitions that the project's agents can have, and who has which. */
export function useDefinitions(project: ProjectRoute, { after, before }: DefinitionsView) {
  const variables = {
    path: projectPath(project),
    of: projectPath(project),
    ...pageArguments({ after, before }),
  };
  useRereadOnReturn(DefinitionsQuery, variables);
  return useLiveQuery({
    query: DefinitionsQuery,
    variables,
    feed: ({ project: found }) => found && { document: DefinitionsFeed, variables: { project: found.id } },
    rereadOn: () => true,
    keepsEvents: false,
  });
}
