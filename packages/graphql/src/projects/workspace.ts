import { getWorkspaces, type Workspace } from "@muster/operations/projects/project-queries.ts";
import { builder } from "../builder.ts";
import { loadedById } from "../loading.ts";

export const WorkspaceType = builder.loadableNodeRef<Workspace>("Workspace", {
  id: { resolve: (workspace) => workspace.id, description: "Its id, wks_…" },
  load: (ids, { runtime, caller }) => getWorkspaces(runtime, caller, ids),
  ...loadedById,
});

WorkspaceType.implement({
  description: "A tenant: nothing crosses from one workspace to another.",
  fields: (t) => ({
    slug: t.exposeString("slug", { description: "Its name in paths." }),
    name: t.exposeString("name", { description: "Its name for people." }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was created.",
      resolve: (workspace) => workspace.createdAt,
    }),
  }),
});
