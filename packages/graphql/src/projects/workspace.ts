import { getWorkspaces, type Workspace } from "@muster/operations/projects/project-queries.ts";
import { builder } from "../builder.ts";
import { loadedById } from "../loading.ts";

export const WorkspaceType = builder.loadableNodeRef<Workspace>("Workspace", {
  id: { resolve: (workspace) => workspace.id, description: "Its id, wks_…" },
  load: (ids, { runtime, caller }) => getWorkspaces(runtime, caller, ids),
  ...loadedById,
});

WorkspaceType.implement({
  permission: "workspace.read",
  description: "A tenant: nothing crosses from one workspace to another.",
  fields: (t) => ({
    slug: t.exposeString("slug", { description: "Its name in paths." }),
    name: t.exposeString("name", { description: "Its name for people." }),
    version: t.exposeInt("version", { description: "Rises by one with each change." }),
    eventRetentionDays: t.exposeInt("eventRetentionDays", {
      nullable: true,
      description: "For how many days its events are kept at least; null: for as long as the installation keeps them.",
    }),
    maxRunningTasks: t.exposeInt("maxRunningTasks", {
      nullable: true,
      description: "How many tasks its agents may hold at once, in all projects together; null: any number.",
    }),
    maxAgents: t.exposeInt("maxAgents", {
      nullable: true,
      description: "How many agents it may have that are not decommissioned; null: any number.",
    }),
    maxRunningAgents: t.exposeInt("maxRunningAgents", {
      nullable: true,
      description:
        "How many of its agents may run at once: DEPLOYING, ONLINE, IDLE, BUSY or UNRESPONSIVE; null: any number.",
    }),
    maxTasksPerMinute: t.exposeInt("maxTasksPerMinute", {
      nullable: true,
      description: "How many tasks may be created in it in a minute; null: any number.",
    }),
    maxContexts: t.exposeInt("maxContexts", {
      nullable: true,
      description: "How many contexts it may have; null: any number.",
    }),
    maxStorageBytes: t.exposeFloat("maxStorageBytes", {
      nullable: true,
      description:
        "How many bytes of JSON its contexts, and the inputs and outputs of its tasks, may take; null: any number.",
    }),
    keepContextVersions: t.exposeInt("keepContextVersions", {
      nullable: true,
      description:
        "How many of the newest versions of each context keep their data at least, where the context says nothing else; null: all.",
    }),
    eventsRetainedSince: t.field({
      type: "DateTime",
      nullable: true,
      description:
        "From this time on every event is there; null: none was ever removed. Of before there is what tells how the present came to be, and what has not been removed yet.",
      resolve: (workspace) => workspace.eventsRetainedSince,
    }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was created.",
      resolve: (workspace) => workspace.createdAt,
    }),
  }),
});
