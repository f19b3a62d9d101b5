import { IllegalTransition, LimitExceeded } from "@muster/domain/errors.ts";
import { cancelWorkflow } from "@muster/operations/workflows/cancel-workflow.ts";
import { createWorkflow } from "@muster/operations/workflows/create-workflow.ts";
import type { Workflow } from "@muster/operations/workflows/workflow.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { taskFields, taskOf, timeFields } from "../tasks/create-task-input.ts";
import { DependencyConditionEnum } from "../tasks/task-enums.ts";
import { FailurePolicyEnum, WorkflowType } from "./workflow.ts";

const StepTaskInput = builder.inputType("StepTaskInput", {
  description:
    "The task of a step. With neither agentId nor capability, any agent that is capable of its kind may run it.",
  fields: (t) => ({ ...taskFields(t), ...timeFields(t) }),
});

const WorkflowStepInput = builder.inputType("WorkflowStepInput", {
  description: "A step of a new workflow.",
  fields: (t) => ({
    step: t.string({ required: true, description: "Its name, unique in the workflow: up to 200 characters." }),
    task: t.field({ type: StepTaskInput, required: true, description: "What is to be done." }),
    dependsOn: t.stringList({ description: "The steps that it waits for, at most 200; none without it." }),
    condition: t.field({
      type: DependencyConditionEnum,
      description: "What has to become of these; ALL_SUCCEEDED without it.",
    }),
  }),
});

mutation("createWorkflow", {
  permission: "task.create",
  description: "Creates tasks that wait for each other, all or none.",
  input: builder.inputType("CreateWorkflowInput", {
    description: "A new workflow. Its steps may stand in any order; they must not wait for each other in a circle.",
    fields: (t) => ({
      projectId: t.id({ required: true, description: "The project." }),
      name: t.string({ required: true, description: "Its name, for people: up to 200 characters." }),
      onFailure: t.field({
        type: FailurePolicyEnum,
        required: true,
        description: "What becomes of the rest when one of its tasks fails, expires or is cancelled.",
      }),
      tasks: t.field({ type: [WorkflowStepInput], required: true, description: "1 to 1,000 steps." }),
      idempotencyKey: t.string({
        description: "Creating with the same key again in the project gives the first workflow.",
      }),
    }),
  }),
  success: builder.objectRef<{ data: Workflow; repeated: boolean }>("CreateWorkflowSuccess").implement({
    description: "The workflow is there.",
    fields: (t) => ({
      data: t.field({ type: WorkflowType, description: "The workflow.", resolve: ({ data }) => data }),
      repeated: t.exposeBoolean("repeated", { description: "Whether its idempotency key had created it before." }),
    }),
  }),
  errors: [LimitExceeded],
  resolve: async ({ projectId, tasks, ...input }, { runtime, caller }) => {
    const { workflow, repeated } = await createWorkflow(runtime, caller, {
      ...input,
      projectId: uuidOf("project", projectId),
      tasks: tasks.map(({ task, ...step }) => ({ ...step, task: taskOf(task) })),
    });
    return { data: workflow, repeated };
  },
});

mutation("cancelWorkflow", {
  permission: "task.cancel",
  description:
    "Cancels all tasks of a workflow that have not ended: at once, or, where they run, by asking their agents to stop. It ends when they have.",
  input: builder.inputType("CancelWorkflowInput", {
    description: "Which workflow to cancel, and why.",
    fields: (t) => ({
      workflowId: t.id({ required: true, description: "The workflow." }),
      reason: t.string({ required: true, description: "Why, for agents and timelines." }),
    }),
  }),
  success: successOf("cancelWorkflow", WorkflowType),
  errors: [IllegalTransition],
  resolve: async ({ workflowId, reason }, { runtime, caller }) => ({
    data: await cancelWorkflow(runtime, caller, { workflowId: uuidOf("workflow", workflowId), reason }),
  }),
});
