"use client";
import { useState } from "react";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { useInstallationPermissions } from "#api/use-permissions.ts";
import { Button } from "#components/button.tsx";
import { QueryState } from "#components/query-state.tsx";
import { CreateDialog } from "#features/settings/create-dialog.tsx";
import { WorkspaceCard } from "#features/settings/workspace-card.tsx";
import type { ProjectRoute } from "#routes.ts";

const WorkspacesQuery = graphql(`
  query WorkspaceSettings {
    viewer {
      workspaces {
        id
        ...WorkspaceCard
      }
    }
  }
`);

/** The workspaces that these credentials reach, and their projects. */
export function WorkspacesSection({ project }: { readonly project: ProjectRoute }) {
  const [{ data, error }, read] = useQuery({ query: WorkspacesQuery, requestPolicy: "cache-and-network" });
  const [creating, setCreating] = useState(false);
  const reread = () => read({ requestPolicy: "network-only" });
  const mayCreate = useInstallationPermissions()?.includes("workspace.create") ?? false;
  return (
    <div className="grid grid-cols-1 gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-muted">A workspace is a tenant: nothing crosses from one to another.</p>
        <Button
          disabled={!mayCreate}
          title={mayCreate ? undefined : "You may not create workspaces."}
          onClick={() => setCreating(true)}
        >
          Create workspace
        </Button>
      </div>
      <QueryState data={data} error={error}>
        {({ viewer: { workspaces } }) =>
          workspaces.map((workspace) => (
            <WorkspaceCard key={workspace.id} current={project} workspace={workspace} reread={reread} />
          ))
        }
      </QueryState>
      <CreateDialog what="workspace" open={creating} onClose={() => setCreating(false)} onCreated={reread} />
    </div>
  );
}
