"use client";
import { useMemo } from "react";
import { graphql } from "#api/generated/gql.ts";
import type { FleetAddress } from "#features/fleet/fleet-view.ts";
import { filterOf, type FleetSearch } from "#features/fleet/fleet-search.ts";
import { searchTerms } from "#features/fleet/search-language.ts";
import { useAnswer } from "#live/use-answer.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const FleetDefinitionsQuery = graphql(`
  query FleetDefinitions($path: String!, $asked: Boolean!) {
    project(path: $path) {
      id
      definitions(first: 200) @include(if: $asked) {
        edges {
          node {
            id
            slug
          }
        }
      }
    }
  }
`);

/** Which agents the address asks for. Definitions are named by their slugs there: what these stand for is read only then. */
export function useFleetFilter(project: ProjectRoute, { state, search }: FleetAddress): FleetSearch {
  const terms = useMemo(() => searchTerms(search), [search]);
  const asked = terms.some(({ kind }) => kind === "definition");
  const { data } = useAnswer(FleetDefinitionsQuery, { path: projectPath(project), asked });
  const edges = data?.project?.definitions?.edges;
  return useMemo(
    () => filterOf(terms, state, edges && new Map(edges.map(({ node }) => [node.slug, node.id]))),
    [terms, state, edges],
  );
}
