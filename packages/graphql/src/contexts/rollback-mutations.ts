import { Conflict, IllegalTransition, LimitExceeded } from "@muster/domain/errors.ts";
import type { RollbackChoice } from "@muster/domain/rollback-lifecycle.ts";
import { forceRollback } from "@muster/operations/contexts/rollbacks/force-rollback.ts";
import { rollbackChoices } from "@muster/operations/contexts/rollbacks/last-rollback.ts";
import { retryRollback } from "@muster/operations/contexts/rollbacks/retry-rollback.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { ContextType } from "./context.ts";

const RollbackChoiceEnum = builder.enumType("RollbackChoice", {
  description: "What a person can do about a rollback that has not succeeded.",
  values: {
    RETRY: { description: "retryRollback: ask again the agents that have not loaded it." },
    RESTART_AGENTS: { description: "retryRollback with restartAgents: ask them again, and restart them." },
    FORCE: { description: "forceRollback: declare it SUCCEEDED without them." },
  } satisfies Record<RollbackChoice, { description: string }>,
});

builder.objectField(ContextType, "rollbackChoices", (t) =>
  t.field({
    type: [RollbackChoiceEnum],
    description: "What can be done about the last rollback; empty when it has succeeded, or there was none.",
    resolve: (context) => rollbackChoices(context.rollbackState),
  }),
);

const expectedVersion =
  "Refused unless the last rollback is the one that appended this version (rollbackVersion of the context).";

const RetryRollbackInput = builder.inputType("RetryRollbackInput", {
  description: "A rollback to go on with.",
  fields: (t) => ({
    contextId: t.id({ required: true, description: "The context." }),
    reason: t.string({ required: true, description: "Why, for people." }),
    restartAgents: t.boolean({
      description: "Whether to restart the agents that are asked, each when its tasks have ended: agent.transition.",
    }),
    expectedVersion: t.int({ description: expectedVersion }),
  }),
});

mutation("retryRollback", {
  permission: "context.rollBack",
  description:
    "Asks again those agents that could not load what the context was rolled back to, or did not answer: the rollback is PENDING anew. Agents that stopped running drop out.",
  input: RetryRollbackInput,
  success: successOf("retryRollback", ContextType),
  errors: [Conflict, IllegalTransition, LimitExceeded],
  resolve: async (input, { runtime, caller }) => ({
    data: await retryRollback(runtime, caller, { ...input, contextId: uuidOf("context", input.contextId) }),
  }),
});

const ForceRollbackInput = builder.inputType("ForceRollbackInput", {
  description: "A rollback to declare SUCCEEDED.",
  fields: (t) => ({
    contextId: t.id({ required: true, description: "The context." }),
    reason: t.string({ required: true, description: "Why, for people." }),
    expectedVersion: t.int({ description: expectedVersion }),
  }),
});

mutation("forceRollback", {
  permission: "context.rollBack",
  description:
    "Declares the last rollback SUCCEEDED although not every agent has confirmed it. The agents' answers stay as they are; the event names those that had not confirmed.",
  input: ForceRollbackInput,
  success: successOf("forceRollback", ContextType),
  errors: [Conflict, IllegalTransition],
  resolve: async (input, { runtime, caller }) => ({
    data: await forceRollback(runtime, caller, { ...input, contextId: uuidOf("context", input.contextId) }),
  }),
});
