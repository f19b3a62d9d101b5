"use client";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const HereQuery = graphql(`
  query Here($path: String!) {
    viewer {
      user {
        id
      }
    }
    project(path: $path) {
      id
      workspace {
        id
      }
    }
  }
`);

/** The ids of the project and the workspace that one is in, and of oneself; undefined until they are known. */
export function useHere(project: ProjectRoute) {
  const [{ data }] = useQuery({
    query: HereQuery,
    variables: { path: projectPath(project) },
    requestPolicy: "cache-first",
  });
  if (!data?.project) return undefined;
  return {
    here: { projectId: data.project.id, workspaceId: data.project.workspace.id },
    self: data.viewer.user?.id ?? null,
  };
}
