import { Conflict, IllegalTransition, VersionPruned } from "@muster/domain/errors.ts";
import {
  rollBackAgent,
  type RolledBackAgent,
  type RollbackTasks,
} from "@muster/operations/agent-bundles/roll-back-agent.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation } from "../mutation.ts";

const RollbackTasksEnum = builder.enumType("RollbackTasks", {
  description: "What becomes of the tasks of an agent that is rolled back.",
  values: {
    KEEP: {
      description:
        "They go on. The agent hears of its contexts through its inbox, and has the rest when its process starts again.",
    },
    DRAIN: {
      description:
        "It gets no more, and is restarted when they have ended, so that its next process has everything. One that holds none is restarted at once, one that is not at work not at all.",
    },
  } satisfies Record<RollbackTasks, { description: string }>,
});

const RollBackAgentSuccess = builder
  .objectRef<Omit<RolledBackAgent, "agent"> & { readonly data: RolledBackAgent["agent"] }>("RollBackAgentSuccess")
  .implement({
    description: "rollBackAgent did what was asked.",
    fields: (t) => ({
      data: t.field({ type: AgentType, description: "The agent.", resolve: ({ data }) => data }),
      changed: t.exposeBoolean("changed", {
        description: "False: it was all that already, and nothing was written.",
      }),
      bundle: t.exposeInt("bundle", { description: "The number of its newest bundle." }),
    }),
  });

mutation("rollBackAgent", {
  permission: "agent.rollBack",
  description:
    "Takes an agent back, or forward again, to one of its bundles, all at once: its definition version, config and limits, and each of its own contexts, as rollBackContext does it. Contexts that the bundle does not know and shared ones stay as they are. It needs agent.rollBack alone.",
  input: builder.inputType("RollBackAgentInput", {
    description: "A rollback of an agent.",
    fields: (t) => ({
      agentId: t.id({ required: true, description: "The agent." }),
      toBundle: t.int({ required: true, description: "The number of the bundle to go back to." }),
      reason: t.string({ required: true, description: "Why, for people." }),
      tasks: t.field({ type: RollbackTasksEnum, required: true, description: "What becomes of its running tasks." }),
      expectedBundle: t.int({ description: "Refused unless this is its newest bundle." }),
    }),
  }),
  success: RollBackAgentSuccess,
  errors: [Conflict, IllegalTransition, VersionPruned],
  resolve: async ({ agentId, ...input }, { runtime, caller }) => {
    const { agent, ...rest } = await rollBackAgent(runtime, caller, { ...input, agentId: uuidOf("agent", agentId) });
    return { ...rest, data: agent };
  },
});
