import {
  type AgentRollbackPreview,
  type AgentRollbackWarning,
  previewAgentRollbacks,
} from "@muster/operations/agent-bundles/preview-agent-rollback.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { ContextType } from "../contexts/context.ts";
import { nestedField } from "../nested-list.ts";
import { TaskType } from "../tasks/task.ts";
import { BundleDifferenceType } from "./bundle-difference.ts";

const WarningCodeEnum = builder.enumType("AgentRollbackWarningCode", {
  description: "What a warning about the rollback of an agent is about.",
  values: {
    CONFIG_MISMATCH: {
      description: "The config does not match the schema of the definition version that it would have.",
    },
    DEFINITION_DISABLED: { description: "Its definition is disabled." },
    SUPERSEDES_ROLLBACK: {
      description: "A rollback of a context is still PENDING: it fails, and this one takes its place.",
    },
    DRAINS_ALREADY: { description: "Another action is pending, which stays." },
    NOT_RESTARTED: { description: "It may have a process that is not at work, which nobody restarts." },
  } satisfies Record<AgentRollbackWarning["code"], { description: string }>,
});

const WarningType = builder.objectRef<AgentRollbackWarning>("AgentRollbackWarning").implement({
  permission: "agent.read",
  description: "Something to think about before a rollback; nothing that keeps it from being made.",
  fields: (t) => ({
    code: t.field({ type: WarningCodeEnum, description: "What it is about.", resolve: ({ code }) => code }),
    message: t.exposeString("message", { description: "A sentence for people." }),
  }),
});

const AgentRollbackPreviewType = builder.objectRef<AgentRollbackPreview>("AgentRollbackPreview").implement({
  permission: "agent.read",
  description: "What a rollback of an agent would do if it were made now.",
  fields: (t) => ({
    changed: t.exposeBoolean("changed", { description: "Whether anything would change." }),
    difference: t.field({
      type: BundleDifferenceType,
      description:
        "What would change, from its newest bundle (give that number as rollBackAgent's expectedBundle). Contexts that the bundle does not know stay as they are.",
      resolve: (preview) => preview.difference,
    }),
    sharedContexts: t.field({
      type: [ContextType],
      description: "The project's contexts that it uses, by name: they stay as they are.",
      resolve: (preview) => [...preview.sharedContextIds],
    }),
    runningTasks: t.field({
      type: [TaskType],
      description: "The tasks that it holds: with DRAIN it ends them first.",
      resolve: (preview) => [...preview.heldTaskIds],
    }),
    restarts: t.exposeBoolean("restarts", {
      description: "Whether DRAIN would restart it: at once, or when it has ended its tasks.",
    }),
    refusal: t.exposeString("refusal", {
      nullable: true,
      description: "Why it would be refused, as when retention has removed data that it needs; null when it would not.",
    }),
    warnings: t.field({
      type: [WarningType],
      description: "What to think about before.",
      resolve: (preview) => [...preview.warnings],
    }),
  }),
});

const previewOf = nestedField(({ runtime, caller }, agentIds, { toBundle }: { toBundle: number }) =>
  previewAgentRollbacks(runtime, caller, agentIds, toBundle),
);

builder.objectField(AgentType, "rollbackPreview", (t) =>
  t.field({
    type: AgentRollbackPreviewType,
    description: "What rollBackAgent would do.",
    args: { toBundle: t.arg.int({ required: true, description: "The number of the bundle to go back to." }) },
    complexity: 50,
    resolve: (agent, { toBundle }, context) => previewOf(agent.id, { toBundle }, context),
  }),
);
