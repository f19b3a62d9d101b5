"use client";
import { graphql } from "#api/generated/gql.ts";
import { DefinitionsFeed } from "#features/definitions/definitions-feed.ts";
import { useRereadOnReturn } from "#features/definitions/use-reread-on-return.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { type DefinitionView, projectPath, type ProjectRoute } from "#routes.ts";

const DefinitionQuery = graphql(`
  query Definition($path: String!, $of: ID!, $slug: String!, $versionsAfter: String) {
    project(path: $path) {
      id
      cursor
      path
      workspace {
        id
      }
      definition(slug: $slug) {
        id
        ...DefinitionHeader
        ...DefinitionAbout
        ...DefinitionVersions
        ...DefinitionAgents
        ...RegisterAgentOf
      }
    }
  }
`);

/** A definition of the project, and who runs which of its versions. */
export function useDefinition(project: ProjectRoute, slug: string, { tab, after }: DefinitionView) {
  const versionsAfter = tab === "versions" ? (after ?? null) : null;
  const variables = { path: projectPath(project), of: projectPath(project), slug, versionsAfter };
  useRereadOnReturn(DefinitionQuery, variables);
  return useLiveQuery({
    query: DefinitionQuery,
    variables,
    feed: ({ project: found }) => found && { document: DefinitionsFeed, variables: { project: found.id } },
    rereadOn: () => true,
    keepsEvents: false,
  });
}
