import type { PageArguments } from "@muster/domain/page.ts";
import { getProjects, listProjects, type Project } from "@muster/operations/projects/project-queries.ts";
import { builder } from "../builder.ts";
import { loadedById } from "../loading.ts";
import { nestedList } from "../nested-list.ts";
import { WorkspaceType } from "./workspace.ts";

export const ProjectType = builder.loadableNodeRef<Project>("Project", {
  id: { resolve: (project) => project.id, description: "Its id, prj_…" },
  load: (ids, { runtime, caller }) => getProjects(runtime, caller, ids),
  ...loadedById,
});

ProjectType.implement({
  permission: "workspace.read",
  description: "A fleet of agents, their tasks and what they know.",
  fields: (t) => ({
    path: t.exposeString("path", { description: "Workspace and project, as in demo/app." }),
    slug: t.exposeString("slug", { description: "Its name within its workspace." }),
    name: t.exposeString("name", { description: "Its name for people." }),
    version: t.exposeInt("version", { description: "Rises by one with each change." }),
    workspace: t.field({
      type: WorkspaceType,
      description: "The workspace it is in.",
      resolve: (project) => project.workspaceId,
    }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was created.",
      resolve: (project) => project.createdAt,
    }),
  }),
});

const ProjectConnection = builder.connectionObject(
  { type: ProjectType, name: "ProjectConnection", description: "A page of projects." },
  { name: "ProjectEdge", description: "A project in a page." },
);

const projectsOf = nestedList(({ runtime, caller }, workspaceIds, page: PageArguments) =>
  listProjects(runtime, caller, workspaceIds, page),
);

builder.objectField(WorkspaceType, "projects", (t) =>
  t.connection(
    {
      type: ProjectType,
      description: "The projects of the workspace, by slug.",
      resolve: (workspace, page, context) => projectsOf(workspace.id, page, context),
    },
    ProjectConnection,
  ),
);
