import { Conflict, LimitExceeded } from "@muster/domain/errors.ts";
import { createSavedView } from "@muster/operations/saved-views/create-saved-view.ts";
import { deleteSavedView } from "@muster/operations/saved-views/delete-saved-view.ts";
import { updateSavedView } from "@muster/operations/saved-views/update-saved-view.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { SavedViewScreenEnum, SavedViewType } from "./saved-view.ts";

mutation("createSavedView", {
  permission: "view.manage",
  description: "Keeps what a screen shows under a name, for everybody in the project.",
  input: builder.inputType("CreateSavedViewInput", {
    description: "A new saved view.",
    fields: (t) => ({
      projectId: t.id({ required: true, description: "The project." }),
      screen: t.field({ type: SavedViewScreenEnum, required: true, description: "Which screen." }),
      name: t.string({
        required: true,
        description: "Its name, unique in the project's screen: up to 100 characters.",
      }),
      query: t.string({
        required: true,
        description: "The query of the screen's address, without the question mark: up to 4,000 characters.",
      }),
    }),
  }),
  success: successOf("createSavedView", SavedViewType),
  errors: [Conflict, LimitExceeded],
  resolve: async ({ projectId, ...input }, { runtime, caller }) => ({
    data: await createSavedView(runtime, caller, { ...input, projectId: uuidOf("project", projectId) }),
  }),
});

mutation("updateSavedView", {
  permission: "view.manage",
  description: "Gives a saved view another name, or has it show something else. What is left out stays.",
  input: builder.inputType("UpdateSavedViewInput", {
    description: "What to change of a saved view.",
    fields: (t) => ({
      viewId: t.id({ required: true, description: "The view." }),
      name: t.string({ description: "Its new name." }),
      query: t.string({ description: "Its new query." }),
      expectedVersion: t.int({ description: "Refused unless this is its version." }),
    }),
  }),
  success: successOf("updateSavedView", SavedViewType),
  errors: [Conflict],
  resolve: async ({ viewId, ...input }, { runtime, caller }) => ({
    data: await updateSavedView(runtime, caller, { ...input, viewId: uuidOf("savedView", viewId) }),
  }),
});

mutation("deleteSavedView", {
  permission: "view.manage",
  description: "Removes a saved view, and answers with it as it was.",
  input: builder.inputType("DeleteSavedViewInput", {
    description: "A saved view to remove.",
    fields: (t) => ({ viewId: t.id({ required: true, description: "The view." }) }),
  }),
  success: successOf("deleteSavedView", SavedViewType),
  resolve: async ({ viewId }, { runtime, caller }) => ({
    data: await deleteSavedView(runtime, caller, { viewId: uuidOf("savedView", viewId) }),
  }),
});
