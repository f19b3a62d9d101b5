import { findProject, findWorkspace, reachableWorkspaces } from "@muster/operations/projects/project-queries.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { DEFAULT_PAGE_SIZE } from "@muster/domain/page.ts";
import { ActorType } from "../actors.ts";
import { builder } from "../builder.ts";
import { ProjectType } from "./project.ts";
import { WorkspaceType } from "./workspace.ts";

export const ViewerType = builder.objectRef<Caller>("Viewer").implement({
  permission: { none: "Who asks may always know who that is." },
  description: "Whose credentials these are, and what they may do.",
  fields: (t) => ({
    actor: t.field({ type: ActorType, description: "Who asks.", resolve: (caller) => caller.actor }),
    permissions: t.stringList({
      description:
        "What these credentials may do somewhere, as subject.verb. Where: see `permissions` of a workspace and a project.",
      resolve: (caller) => [...caller.actor.permissions],
    }),
    workspaces: t.field({
      type: [WorkspaceType],
      description: "The workspaces that these credentials reach, by slug; at most 200.",
      complexity: { field: 1, multiplier: DEFAULT_PAGE_SIZE },
      resolve: (caller, _arguments, { runtime }) => reachableWorkspaces(runtime, caller),
    }),
  }),
});

builder.queryField("viewer", (t) =>
  t.field({
    type: ViewerType,
    permission: { none: "Who asks may always know who that is." },
    description: "Whose credentials these are.",
    resolve: (_root, _arguments, { caller }) => caller,
  }),
);

builder.queryField("workspace", (t) =>
  t.field({
    type: WorkspaceType,
    permission: "workspace.read",
    nullable: true,
    description: "A workspace by its slug.",
    args: { slug: t.arg.string({ required: true, description: "Its slug." }) },
    resolve: (_root, { slug }, { runtime, caller }) => findWorkspace(runtime, caller, slug),
  }),
);

builder.queryField("project", (t) =>
  t.field({
    type: ProjectType,
    permission: "workspace.read",
    nullable: true,
    description: "A project by its path.",
    args: { path: t.arg.string({ required: true, description: "Workspace and project, as in demo/app." }) },
    resolve: (_root, { path }, { runtime, caller }) => findProject(runtime, caller, path),
  }),
);
