import type { FailurePolicy, WorkflowState } from "@muster/domain/workflow-lifecycle.ts";
import { getWorkflows } from "@muster/operations/workflows/workflow-queries.ts";
import type { Workflow } from "@muster/operations/workflows/workflow.ts";
import { ActorType } from "../actors.ts";
import { builder } from "../builder.ts";
import { loadedById } from "../loading.ts";
import { ProjectType } from "../projects/project.ts";

export const WorkflowStateEnum = builder.enumType("WorkflowState", {
  description: "The states of a workflow's lifecycle.",
  values: {
    RUNNING: { description: "Some of its tasks have not ended." },
    SUCCEEDED: { description: "All of its tasks have succeeded; with CONTINUE, its final ones." },
    FAILED: { description: "All have ended, and one failed or expired." },
    CANCELLED: { description: "All have ended after someone cancelled it, or some of them." },
  } satisfies Record<WorkflowState, { description: string }>,
});

export const FailurePolicyEnum = builder.enumType("FailurePolicy", {
  description: "What becomes of the rest of a workflow when one of its tasks fails, expires or is cancelled.",
  values: {
    CANCEL_ALL: { description: "Every task that has not ended is cancelled." },
    SKIP_DEPENDENTS: { description: "Those that can no longer become ready are cancelled; the others go on." },
    CONTINUE: {
      description: "Like SKIP_DEPENDENTS; and in the end only those tasks count that no other one waits for.",
    },
  } satisfies Record<FailurePolicy, { description: string }>,
});

export const WorkflowType = builder.loadableNodeRef<Workflow>("Workflow", {
  id: { resolve: (workflow) => workflow.id, description: "Its id, wfl_…" },
  load: (ids, { runtime, caller }) => getWorkflows(runtime, caller, ids),
  ...loadedById,
});

WorkflowType.implement({
  permission: "task.read",
  description: "Tasks that were created together and wait for each other.",
  fields: (t) => ({
    project: t.field({
      type: ProjectType,
      description: "The project it belongs to.",
      resolve: (workflow) => workflow.projectId,
    }),
    name: t.exposeString("name", { description: "Its name, for people." }),
    state: t.field({ type: WorkflowStateEnum, description: "Its present state.", resolve: ({ state }) => state }),
    stateSince: t.field({
      type: "DateTime",
      description: "Since when it is in this state.",
      resolve: (workflow) => workflow.stateSince,
    }),
    onFailure: t.field({
      type: FailurePolicyEnum,
      description: "What becomes of the rest when one of its tasks does not succeed.",
      resolve: (workflow) => workflow.onFailure,
    }),
    version: t.exposeInt("version", { description: "Rises by one with each event about it." }),
    taskCount: t.exposeInt("taskCount", { description: "How many tasks it has." }),
    cancelReason: t.exposeString("cancelReason", {
      nullable: true,
      description: "Why it was cancelled, from the moment that someone did; null when nobody did.",
    }),
    idempotencyKey: t.exposeString("idempotencyKey", {
      nullable: true,
      description: "Creating with it again in the project gives this workflow.",
    }),
    creator: t.field({
      type: ActorType,
      description: "Who created it.",
      resolve: ({ creatorKind, creatorId, creatorName }) => ({ kind: creatorKind, id: creatorId, name: creatorName }),
    }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was created.",
      resolve: (workflow) => workflow.createdAt,
    }),
    finishedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it ended.",
      resolve: (workflow) => workflow.finishedAt,
    }),
  }),
});
