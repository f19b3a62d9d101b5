import { Conflict, LimitExceeded } from "@muster/domain/errors.ts";
import type { BulkJob } from "@muster/operations/bulk-jobs/bulk-job.ts";
import {
  type ChosenState,
  previewTransition,
  type TransitionPreview,
} from "@muster/operations/bulk-jobs/preview-transition.ts";
import { transitionAgents } from "@muster/operations/bulk-jobs/transition-agents.ts";
import { AgentActionEnum, AgentStateEnum, TransitionModeEnum } from "../agents/agent-enums.ts";
import { agentFilterOf, AgentFilterType } from "../agents/agent-lists.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation } from "../mutation.ts";
import { BulkJobType } from "./bulk-job.ts";

const ChosenStateType = builder.objectRef<ChosenState>("TransitionPreviewState").implement({
  permission: "agent.transition",
  description: "The chosen agents that are in a state now.",
  fields: (t) => ({
    state: t.field({ type: AgentStateEnum, description: "The state.", resolve: ({ state }) => state }),
    count: t.exposeInt("count", { description: "How many." }),
    allowed: t.exposeBoolean("allowed", { description: "The action is allowed there; the others would be skipped." }),
    draining: t.exposeInt("draining", { description: "So many of them would finish their tasks first." }),
  }),
});

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const PreviewType = builder.objectRef<TransitionPreview>("TransitionPreview").implement({
  permission: "agent.transition",
  description: "Which agents a bulk job would choose if it were asked for now, and which of them can take the action.",
  fields: (t) => ({
    count: t.exposeInt("count", { description: "How many: give it as expectedCount. Counts to 1,000,000." }),
    countIsCapped: t.exposeBoolean("countIsCapped", {
      description: "There are more than count says, and so the job would be refused.",
    }),
    countAllowed: t.int({
      description: "How many of them can take the action now; the others would be skipped.",
      resolve: ({ states }) => sum(states.map(({ allowed, count }) => (allowed ? count : 0))),
    }),
    countDraining: t.int({
      description: "How many of those would finish their tasks first.",
      resolve: ({ states }) => sum(states.map(({ draining }) => draining)),
    }),
    states: t.field({
      type: [ChosenStateType],
      description: "The states that any of them is in.",
      resolve: ({ states }) => [...states],
    }),
    sample: t.field({
      type: [AgentType],
      description: "The first ten, in the order in which their turn would come.",
      resolve: ({ sample }) => [...sample],
    }),
  }),
});

interface Answer {
  readonly data: BulkJob | null;
  readonly preview: TransitionPreview | null;
}

mutation("transitionAgents", {
  permission: "agent.transition",
  description:
    "Asks all agents that match now for an action, one after the other. Answers at once with a job that goes on by itself; with dryRun, only with what it would choose.",
  input: builder.inputType("TransitionAgentsInput", {
    description: "Which agents, which action, and why.",
    fields: (t) => ({
      projectId: t.id({ required: true, description: "The project whose agents they are." }),
      filter: t.field({
        type: AgentFilterType,
        required: true,
        description:
          "Which agents, whatever their state. Those that the action is not allowed for in their turn are skipped.",
      }),
      all: t.boolean({ description: "Has to be true when the filter is empty: every agent of the project is meant." }),
      action: t.field({ type: AgentActionEnum, required: true, description: "What to ask them for." }),
      mode: t.field({
        type: TransitionModeEnum,
        description: "What becomes of the work of busy agents; DRAIN when left out.",
      }),
      reason: t.string({ required: true, description: "Why, for people: up to 1,000 characters." }),
      dryRun: t.boolean({ description: "Does nothing but say what would be chosen." }),
      expectedCount: t.int({ description: "Refused unless there are exactly so many, as a dry run counted." }),
    }),
  }),
  success: builder.objectRef<Answer>("TransitionAgentsSuccess").implement({
    description: "transitionAgents did what was asked.",
    fields: (t) => ({
      data: t.field({
        type: BulkJobType,
        nullable: true,
        description: "The job; null after a dry run.",
        resolve: (answer) => answer.data,
      }),
      preview: t.field({
        type: PreviewType,
        nullable: true,
        description: "What a dry run found; null when it was none.",
        resolve: (answer) => answer.preview,
      }),
    }),
  }),
  errors: [Conflict, LimitExceeded],
  resolve: async ({ projectId, filter, dryRun, ...input }, { runtime, caller }) => {
    const request = { ...input, projectId: uuidOf("project", projectId), filter: agentFilterOf(filter) ?? {} };
    if (dryRun) return { data: null, preview: await previewTransition(runtime, caller, request) };
    return { data: await transitionAgents(runtime, caller, request), preview: null };
  },
});
