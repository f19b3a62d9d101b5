import { Conflict, IllegalTransition, LimitExceeded } from "@muster/domain/errors.ts";
import { cancelPendingAction } from "@muster/operations/agents/cancel-pending-action.ts";
import { registerAgent } from "@muster/operations/agents/register-agent.ts";
import { rotateAgentKey } from "@muster/operations/agents/rotate-agent-key.ts";
import { transitionAgent } from "@muster/operations/agents/transition-agent.ts";
import { updateAgent } from "@muster/operations/agents/update-agent.ts";
import type { Agent } from "@muster/operations/agents/agent.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { AgentActionEnum, AgentStateEnum, TransitionModeEnum } from "./agent-enums.ts";
import { AgentType } from "./agent.ts";

const RegisterAgentInput = builder.inputType("RegisterAgentInput", {
  description: "A new agent.",
  fields: (t) => ({
    projectId: t.id({ required: true, description: "The project it works in." }),
    definitionSlug: t.string({
      required: true,
      description: "The definition: the workspace's own with this slug, else the shared one.",
    }),
    name: t.string({ required: true, description: "Its name, unique in the project." }),
    config: t.field({ type: "JSON", description: "Its configuration, which has to match the definition's schema." }),
    labels: t.field({ type: "JSON", description: "Its labels, an object of texts." }),
    maxConcurrency: t.int({ description: "How many tasks it may hold at once, 1 to 1000; 1 when left out." }),
  }),
});

/** An agent and a credential that is shown this once. */
function agentWithKey(name: string) {
  return builder.objectRef<{ data: Agent; key: string }>(name).implement({
    description: "The agent, and its own credential.",
    fields: (t) => ({
      data: t.field({ type: AgentType, description: "The agent.", resolve: (success) => success.data }),
      key: t.exposeString("key", {
        description: "The agent's API key. It is shown this once and cannot be read again.",
      }),
    }),
  });
}

mutation("registerAgent", {
  permission: "agent.register",
  description: "Registers an agent of a definition and makes its credential.",
  input: RegisterAgentInput,
  success: agentWithKey("RegisterAgentSuccess"),
  errors: [LimitExceeded],
  resolve: async ({ projectId, ...input }, { runtime, caller }) => {
    const registered = await registerAgent(runtime, caller, {
      ...input,
      projectId: uuidOf("project", projectId),
      config: input.config as never,
      labels: input.labels as never,
    });
    return { data: registered.agent, key: registered.key };
  },
});

mutation("rotateAgentKey", {
  permission: "agent.register",
  description: "Gives an agent a new credential and revokes those it had.",
  input: builder.inputType("RotateAgentKeyInput", {
    description: "Whose credential.",
    fields: (t) => ({ agentId: t.id({ required: true, description: "The agent." }) }),
  }),
  success: agentWithKey("RotateAgentKeySuccess"),
  resolve: async ({ agentId }, { runtime, caller }) => {
    const rotated = await rotateAgentKey(runtime, caller, { agentId: uuidOf("agent", agentId) });
    return { data: rotated.agent, key: rotated.key };
  },
});

mutation("updateAgent", {
  permission: "agent.update",
  description: "Changes what is given of an agent and leaves the rest.",
  input: builder.inputType("UpdateAgentInput", {
    description: "What to change of an agent.",
    fields: (t) => ({
      agentId: t.id({ required: true, description: "The agent." }),
      name: t.string({ description: "Its new name, unique in the project." }),
      config: t.field({ type: "JSON", description: "Its whole new configuration." }),
      labels: t.field({ type: "JSON", description: "All its labels, an object of texts." }),
      maxConcurrency: t.int({
        description: "How many tasks it may hold at once, 1 to 1000. Tasks it holds already stay.",
      }),
      definitionVersion: t.int({
        description:
          "Move it to this version of its definition: the config, given or present, has to match that version's schema.",
      }),
      expectedConfigVersion: t.int({ description: "Change only if the configuration still has this version." }),
    }),
  }),
  success: successOf("updateAgent", AgentType),
  errors: [Conflict],
  resolve: async ({ agentId, ...input }, { runtime, caller }) => ({
    data: await updateAgent(runtime, caller, {
      ...input,
      agentId: uuidOf("agent", agentId),
      config: input.config as never,
      labels: input.labels as never,
    }),
  }),
});

mutation("transitionAgent", {
  permission: "agent.transition",
  description:
    "An operator's action. A busy agent drains first, unless mode is NOW: then the answer has a pendingAction.",
  input: builder.inputType("TransitionAgentInput", {
    description: "An operator's action on an agent.",
    fields: (t) => ({
      agentId: t.id({ required: true, description: "The agent." }),
      action: t.field({ type: AgentActionEnum, required: true, description: "One of its availableActions." }),
      reason: t.string({ required: true, description: "Why: it stands in the timeline." }),
      mode: t.field({ type: TransitionModeEnum, description: "What becomes of running work; DRAIN when left out." }),
      expectedState: t.field({ type: AgentStateEnum, description: "Act only if it is still in this state." }),
    }),
  }),
  success: successOf("transitionAgent", AgentType),
  errors: [Conflict, IllegalTransition, LimitExceeded],
  resolve: async ({ agentId, ...input }, { runtime, caller }) => ({
    data: await transitionAgent(runtime, caller, { ...input, agentId: uuidOf("agent", agentId) }),
  }),
});

mutation("cancelPendingAction", {
  permission: "agent.transition",
  description: "Takes back the action that an agent drains towards: it is given work again.",
  input: builder.inputType("CancelPendingActionInput", {
    description: "Whose pending action to take back.",
    fields: (t) => ({
      agentId: t.id({ required: true, description: "The agent." }),
      reason: t.string({ required: true, description: "Why: it stands in the timeline." }),
    }),
  }),
  success: successOf("cancelPendingAction", AgentType),
  errors: [Conflict],
  resolve: async ({ agentId, reason }, { runtime, caller }) => ({
    data: await cancelPendingAction(runtime, caller, { agentId: uuidOf("agent", agentId), reason }),
  }),
});
