"use client";
import Link from "next/link";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { CopyableId } from "#components/copyable-id.tsx";
import { numberText } from "#components/number-text.ts";
import { Tag } from "#components/tag.tsx";
import { CreateDialog } from "#features/settings/create-dialog.tsx";
import { RenameDialog } from "#features/settings/rename-dialog.tsx";
import { projectPath, type ProjectRoute, projectRoute, routes } from "#routes.ts";

const CardFragment = graphql(`
  fragment WorkspaceCard on Workspace {
    id
    slug
    name
    version
    permissions
    usage {
      projects {
        count
      }
      agents {
        count
        isCapped
      }
      runningTasks {
        count
        isCapped
      }
    }
    projects(first: 50) {
      totalCount
      edges {
        node {
          id
          path
          name
        }
      }
    }
  }
`);

interface WorkspaceCardProps {
  readonly current: ProjectRoute;
  readonly workspace: FragmentType<typeof CardFragment>;
  readonly reread: () => void;
}

/** A workspace with its projects. */
export function WorkspaceCard({ current, workspace: masked, reread }: WorkspaceCardProps) {
  const { id, slug, name, version, permissions, usage, projects } = readFragment(CardFragment, masked);
  const [open, setOpen] = useState<"project" | "name" | null>(null);
  const mayRename = permissions.includes("workspace.update");
  const mayCreate = permissions.includes("project.create");
  const close = () => setOpen(null);
  const hidden = projects.totalCount - projects.edges.length;
  return (
    <Card role="region" aria-label={`Workspace ${slug}`}>
      <div className="flex flex-wrap items-start justify-between gap-3 border-b border-line px-5 py-3">
        <div className="min-w-0">
          <h2 className="font-semibold">
            {name} <span className="font-mono text-sm font-normal text-muted">{slug}</span>
          </h2>
          <p className="text-muted tabular-nums">
            {amount(usage.agents, "agent")}, {amount(usage.runningTasks, "task")} held now
          </p>
          <CopyableId id={id} short />
        </div>
        <div className="flex flex-wrap gap-2">
          <Button
            aria-label={`Rename ${slug}`}
            disabled={!mayRename}
            title={mayRename ? undefined : "You may not change workspaces."}
            onClick={() => setOpen("name")}
          >
            Rename
          </Button>
          <Button
            aria-label={`Create project in ${slug}`}
            disabled={!mayCreate}
            title={mayCreate ? undefined : "You may not create projects."}
            onClick={() => setOpen("project")}
          >
            Create project
          </Button>
        </div>
      </div>
      {projects.edges.length === 0 ? (
        <p className="px-5 py-4 text-muted">
          It has no project yet. Agents, tasks and contexts live in projects: create the first one.
        </p>
      ) : (
        <ul aria-label={`Projects of ${slug}`}>
          {projects.edges.map(({ node: project }) => (
            <li key={project.id} className="flex items-center gap-3 border-t border-line px-5 py-2 first:border-t-0">
              <Link
                href={routes.fleet(projectRoute(project.path))}
                prefetch={false}
                className="truncate font-[550] hover:text-accent hover:underline"
              >
                {project.name}
              </Link>
              <span className="truncate font-mono text-sm text-muted">{project.path}</span>
              {project.path === projectPath(current) && <Tag>this one</Tag>}
            </li>
          ))}
          {hidden > 0 && <li className="border-t border-line px-5 py-2 text-muted">and {numberText(hidden)} more</li>}
        </ul>
      )}
      <CreateDialog
        what="project"
        workspace={{ id, slug }}
        open={open === "project"}
        onClose={close}
        onCreated={reread}
      />
      <RenameDialog workspace={{ id, slug, name, version }} open={open === "name"} onClose={close} />
    </Card>
  );
}

function amount({ count, isCapped }: { readonly count: number; readonly isCapped: boolean }, what: string): string {
  return `${numberText(count)}${isCapped ? "+" : ""} ${what}${count === 1 ? "" : "s"}`;
}
