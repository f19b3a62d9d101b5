import { Conflict } from "@muster/domain/errors.ts";
import { createProject } from "@muster/operations/projects/create-project.ts";
import { createWorkspace } from "@muster/operations/projects/create-workspace.ts";
import { updateProject } from "@muster/operations/projects/update-project.ts";
import { updateWorkspace } from "@muster/operations/projects/update-workspace.ts";
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
  permission: "workspace.create",
  description: "Creates a workspace.",
  input: CreateWorkspaceInput,
  success: successOf("createWorkspace", WorkspaceType),
  resolve: async (input, { runtime, caller }) => ({ data: await createWorkspace(runtime, caller, input) }),
});

const UpdateWorkspaceInput = builder.inputType("UpdateWorkspaceInput", {
  description: "What to change of a workspace.",
  fields: (t) => ({
    workspaceId: t.id({ required: true, description: "The workspace." }),
    name: t.string({ description: "Its new name for people." }),
    eventRetentionDays: t.int({
      description:
        "For how many days its events are kept at least: 1 or more, and no more than the installation keeps them. null leaves it to the installation. Events that are removed do not come back.",
    }),
    maxRunningTasks: t.int({
      description:
        "How many tasks its agents may hold at once, in all projects together: 1 to 10,000,000; null for any number. What they hold already is left to them.",
    }),
    maxAgents: t.int({
      description:
        "How many agents it may have that are not decommissioned: 1 to 10,000,000; null for any number. Those that are there stay.",
    }),
    maxRunningAgents: t.int({
      description:
        "How many of its agents may run at once: 1 to 10,000,000; null for any number. Those that run already are left alone.",
    }),
    maxTasksPerMinute: t.int({
      description:
        "How many tasks may be created in it in a minute, which begins with its first task: 1 to 100,000,000; null for any number. Those of schedules and bulk jobs count, and are not refused.",
    }),
    maxContexts: t.int({ description: "How many contexts it may have: 1 to 100,000,000; null for any number." }),
    maxStorageBytes: t.float({
      description:
        "How many bytes of JSON its contexts, and the inputs and outputs of its tasks, may take: a whole number from 1; null for any number. Outputs count, and are not refused.",
    }),
    keepContextVersions: t.int({
      description:
        "How many of the newest versions of each context keep their data, where the context says nothing else: 1 to 1,000,000; null for all. Pinned versions and those that a rollback went back to keep it, too. Data that is removed does not come back.",
    }),
    expectedVersion: t.int({ description: "Change it only while it has this version." }),
  }),
});

mutation("updateWorkspace", {
  permission: "workspace.update",
  description: "Changes what is given of a workspace and leaves the rest.",
  input: UpdateWorkspaceInput,
  success: successOf("updateWorkspace", WorkspaceType),
  errors: [Conflict],
  resolve: async ({ workspaceId, ...input }, { runtime, caller }) => ({
    data: await updateWorkspace(runtime, caller, { ...input, workspaceId: uuidOf("workspace", workspaceId) }),
  }),
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
  permission: "project.create",
  description: "Creates a project in a workspace.",
  input: CreateProjectInput,
  success: successOf("createProject", ProjectType),
  resolve: async ({ workspaceId, ...input }, { runtime, caller }) => ({
    data: await createProject(runtime, caller, { ...input, workspaceId: uuidOf("workspace", workspaceId) }),
  }),
});

const UpdateProjectInput = builder.inputType("UpdateProjectInput", {
  description: "What to change of a project.",
  fields: (t) => ({
    projectId: t.id({ required: true, description: "The project." }),
    name: t.string({ required: true, description: "Its new name for people. Its slug, and so its path, stays." }),
    expectedVersion: t.int({ description: "Change it only while it has this version." }),
  }),
});

mutation("updateProject", {
  permission: "project.update",
  description: "Gives a project another name for people.",
  input: UpdateProjectInput,
  success: successOf("updateProject", ProjectType),
  errors: [Conflict],
  resolve: async ({ projectId, ...input }, { runtime, caller }) => ({
    data: await updateProject(runtime, caller, { ...input, projectId: uuidOf("project", projectId) }),
  }),
});
