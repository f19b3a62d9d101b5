import { createProject } from "@muster/operations/projects/create-project.ts";
import { createWorkspace } from "@muster/operations/projects/create-workspace.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { ProjectType } from "./project.ts";
import { WorkspaceType } from "./workspace.ts";

const CreateWorkspaceInput = builder.inputType("CreateWorkspaceInput", {
  description: "A new workspace.",
  fields: (t) => ({
    slug: t.string({ required: true, description: "Its name in paths: lower-case letters, digits, '.', '-' and '_'." }),
    name: t.string({ required: true, description: "Its name for people." }),
  }),
});

mutation("createWorkspace", {
  description: "Creates a workspace.",
  input: CreateWorkspaceInput,
  success: successOf("createWorkspace", WorkspaceType),
  resolve: async (input, { runtime, caller }) => ({ data: await createWorkspace(runtime, caller, input) }),
});

const CreateProjectInput = builder.inputType("CreateProjectInput", {
  description: "A new project.",
  fields: (t) => ({
    workspaceId: t.id({ required: true, description: "The workspace it belongs to." }),
    slug: t.string({
      required: true,
      description: "Its name within the workspace: lower-case letters, digits, '.', '-' and '_'.",
    }),
    name: t.string({ required: true, description: "Its name for people." }),
  }),
});

mutation("createProject", {
  description: "Creates a project in a workspace.",
  input: CreateProjectInput,
  success: successOf("createProject", ProjectType),
  resolve: async ({ workspaceId, ...input }, { runtime, caller }) => ({
    data: await createProject(runtime, caller, { ...input, workspaceId: uuidOf("workspace", workspaceId) }),
  }),
});
