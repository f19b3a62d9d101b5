import {
  getLastConfirmations,
  type RollbackConfirmation,
} from "@muster/operations/contexts/rollbacks/confirmation-queries.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { ContextType, RollbackStateEnum } from "./context.ts";

export const RollbackConfirmationType = builder
  .objectRef<Omit<RollbackConfirmation, "createdAt">>("RollbackConfirmation")
  .implement({
    permission: "context.read",
    description: "One agent's answer to a rollback.",
    fields: (t) => ({
      agent: t.field({
        type: AgentType,
        description: "The agent that was asked.",
        resolve: (confirmation) => confirmation.agentId,
      }),
      version: t.exposeInt("version", {
        description: "The version that the rollback appended, which the agent has to load.",
      }),
      state: t.field({
        type: RollbackStateEnum,
        description: "Whether the agent has loaded it.",
        resolve: (confirmation) => confirmation.state,
      }),
      error: t.exposeString("error", { nullable: true, description: "Why it could not." }),
      answeredAt: t.field({
        type: "DateTime",
        nullable: true,
        description: "When it answered, or was given up.",
        resolve: (confirmation) => confirmation.answeredAt,
      }),
    }),
  });

builder.objectField(ContextType, "confirmations", (t) =>
  t.loadableGroup({
    type: RollbackConfirmationType,
    description:
      "The answers of the agents that the last rollback asked. An agent that stopped running is no longer asked.",
    load: (contextIds: string[], { runtime, caller }) => getLastConfirmations(runtime, caller, contextIds),
    group: (confirmation) => confirmation.contextId,
    loaderOptions: { cache: false },
    resolve: (context) => context.id,
  }),
);
