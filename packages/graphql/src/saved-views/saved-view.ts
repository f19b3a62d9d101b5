import type { SavedViewScreen } from "@muster/domain/saved-view.ts";
import { getSavedViews, listSavedViews } from "@muster/operations/saved-views/saved-view-queries.ts";
import type { SavedView } from "@muster/operations/saved-views/saved-view.ts";
import { ActorType } from "../actors.ts";
import { builder } from "../builder.ts";
import { loadedById } from "../loading.ts";
import { nestedField } from "../nested-list.ts";
import { ProjectType } from "../projects/project.ts";

export const SavedViewScreenEnum = builder.enumType("SavedViewScreen", {
  description: "The screens of the console of which views can be saved.",
  values: {
    FLEET: { description: "The project's agents." },
    TASKS: { description: "The project's tasks." },
    ACTIVITY: { description: "The project's log." },
  } satisfies Record<SavedViewScreen, { description: string }>,
});

export const SavedViewType = builder.loadableNodeRef<SavedView>("SavedView", {
  id: { resolve: (view) => view.id, description: "Its id, view_…" },
  load: (ids, { runtime, caller }) => getSavedViews(runtime, caller, ids),
  ...loadedById,
});

SavedViewType.implement({
  permission: "workspace.read",
  description: "What a screen of the console shows, under a name, for everybody in the project.",
  fields: (t) => ({
    project: t.field({ type: ProjectType, description: "Its project.", resolve: (view) => view.projectId }),
    screen: t.field({ type: SavedViewScreenEnum, description: "Which screen.", resolve: (view) => view.screen }),
    name: t.exposeString("name", { description: "Its name, unique in the project's screen." }),
    query: t.exposeString("query", { description: "The query of the screen's address, without the question mark." }),
    version: t.exposeInt("version", { description: "Rises by one with each change." }),
    creator: t.field({
      type: ActorType,
      description: "Who saved it.",
      resolve: (view) => ({ kind: view.creatorKind, id: view.creatorId, name: view.creatorName }),
    }),
    createdAt: t.field({ type: "DateTime", description: "When it was saved.", resolve: (view) => view.createdAt }),
    updatedAt: t.field({
      type: "DateTime",
      description: "When it was changed last.",
      resolve: (view) => view.updatedAt,
    }),
  }),
});

const savedViewsOf = nestedField(({ runtime, caller }, projectIds, { screen }: { screen: SavedViewScreen }) =>
  listSavedViews(runtime, caller, projectIds, screen),
);

builder.objectField(ProjectType, "savedViews", (t) =>
  t.field({
    type: [SavedViewType],
    description: "The saved views of a screen, by name: 100 at most.",
    args: { screen: t.arg({ type: SavedViewScreenEnum, required: true, description: "Which screen." }) },
    resolve: (project, args, context) => savedViewsOf(project.id, args, context),
  }),
);
