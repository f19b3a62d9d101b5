"use client";
import { useQuery } from "urql";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

/** What the reader may do, by place. The frame around every page reads it, and again when it may have changed. */
const RightsFragment = graphql(`
  fragment Rights on Project {
    id
    permissions
    workspace {
      id
      permissions
    }
  }
`);

const PermissionsQuery = graphql(`
  query Permissions($path: String!) {
    project(path: $path) {
      id
      ...Rights
    }
  }
`);

const InstallationPermissionsQuery = graphql(`
  query InstallationPermissions {
    viewer {
      installationPermissions
    }
  }
`);

/** What the reader may do with what is in the project, as subject.verb; undefined until it is known. */
export function usePermissions(project: ProjectRoute): readonly string[] | undefined {
  return useRightsIn(project)?.permissions;
}

/** What the reader may do with the project's workspace as a whole; undefined until it is known. */
export function useWorkspacePermissions(project: ProjectRoute): readonly string[] | undefined {
  return useRightsIn(project)?.workspace.permissions;
}

/** What the reader may do with the installation as a whole; undefined until it is known. */
export function useInstallationPermissions(): readonly string[] | undefined {
  const [{ data }] = useQuery({ query: InstallationPermissionsQuery, requestPolicy: "cache-first" });
  return data?.viewer.installationPermissions;
}

function useRightsIn(project: ProjectRoute) {
  const [{ data }] = useQuery({
    query: PermissionsQuery,
    variables: { path: projectPath(project) },
    requestPolicy: "cache-first",
  });
  return readFragment(RightsFragment, data?.project as FragmentType<typeof RightsFragment> | null | undefined);
}
