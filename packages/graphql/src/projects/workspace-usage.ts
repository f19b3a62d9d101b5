import { readWorkspaceUsage, type WorkspaceUsage } from "@muster/operations/projects/workspace-usage.ts";
import { builder } from "../builder.ts";
import { nestedField } from "../nested-list.ts";
import { WorkspaceType } from "./workspace.ts";

const UsageCountType = builder.objectRef<WorkspaceUsage["agents"]>("WorkspaceUsageCount").implement({
  permission: "workspace.read",
  description: "How many there are.",
  fields: (t) => ({
    count: t.exposeInt("count", { description: "How many. Counts to 10,000 and then says so in isCapped." }),
    isCapped: t.exposeBoolean("isCapped", { description: "True when there are more than count says." }),
  }),
});

const UsageType = builder.objectRef<WorkspaceUsage>("WorkspaceUsage").implement({
  permission: "workspace.read",
  description: "How much of a workspace there is now, of what the viewer may see.",
  fields: (t) => ({
    projects: t.field({ type: UsageCountType, description: "Its projects.", resolve: (usage) => usage.projects }),
    agents: t.field({
      type: UsageCountType,
      description: "The agents of all projects, also those that are decommissioned.",
      resolve: (usage) => usage.agents,
    }),
    activeAgents: t.field({
      type: UsageCountType,
      description: "Those of them that are not decommissioned: what maxAgents limits.",
      resolve: (usage) => usage.activeAgents,
    }),
    runningAgents: t.field({
      type: UsageCountType,
      description: "Those that are DEPLOYING, ONLINE, IDLE, BUSY or UNRESPONSIVE: what maxRunningAgents limits.",
      resolve: (usage) => usage.runningAgents,
    }),
    contexts: t.field({
      type: UsageCountType,
      description: "The contexts: what maxContexts limits.",
      resolve: (usage) => usage.contexts,
    }),
    tasksThisMinute: t.exposeInt("tasksThisMinute", {
      nullable: true,
      description:
        "How many tasks were created in the present minute, in the whole workspace; null without a maxTasksPerMinute, which counts them.",
    }),
    storageBytes: t.exposeFloat("storageBytes", {
      nullable: true,
      description:
        "How many bytes of JSON the whole workspace stores; null without a maxStorageBytes, for which they are counted. What retention removes is noticed within some minutes.",
    }),
    runningTasks: t.field({
      type: UsageCountType,
      description: "The tasks that agents hold: what maxRunningTasks limits.",
      resolve: (usage) => usage.runningTasks,
    }),
  }),
});

const usageOf = nestedField(({ runtime, caller }, workspaceIds) => readWorkspaceUsage(runtime, caller, workspaceIds));

builder.objectField(WorkspaceType, "usage", (t) =>
  t.field({
    type: UsageType,
    description: "How much of it there is now.",
    resolve: (workspace, _arguments, context) => usageOf(workspace.id, {}, context),
  }),
);
