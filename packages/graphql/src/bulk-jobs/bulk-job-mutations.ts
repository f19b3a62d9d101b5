import { Conflict, IllegalTransition, LimitExceeded } from "@muster/domain/errors.ts";
import { abortBulkJob } from "@muster/operations/bulk-jobs/abort-bulk-job.ts";
import { BULK_JOB_PERMISSIONS, type BulkJob } from "@muster/operations/bulk-jobs/bulk-job.ts";
import type { TaskJobKind } from "@muster/operations/bulk-jobs/chosen-tasks.ts";
import { createBulkJob } from "@muster/operations/bulk-jobs/create-bulk-job.ts";
import { type BulkJobPreview, previewBulkJob } from "@muster/operations/bulk-jobs/preview-bulk-job.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { TaskFilterType, taskFilterOf } from "../tasks/task-lists.ts";
import { TaskType } from "../tasks/task.ts";
import { BulkJobType } from "./bulk-job.ts";

const BulkJobPreviewType = builder.objectRef<BulkJobPreview>("BulkJobPreview").implement({
  permission: "task.read",
  description: "Which tasks a bulk job would choose if it were asked for now.",
  fields: (t) => ({
    count: t.exposeInt("count", { description: "How many: give it as expectedCount. Counts to 1,000,000." }),
    countIsCapped: t.exposeBoolean("countIsCapped", {
      description: "There are more than count says, and so the job would be refused.",
    }),
    sample: t.field({
      type: [TaskType],
      description: "The first ten, in the order in which their turn would come.",
      resolve: (preview) => [...preview.sample],
    }),
  }),
});

interface Answer {
  readonly data: BulkJob | null;
  readonly preview: BulkJobPreview | null;
}

function bulkMutation(name: "cancelTasks" | "retryTasks", kind: TaskJobKind, what: string, which: string): void {
  const typeName = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  mutation(name, {
    permission: BULK_JOB_PERMISSIONS[kind],
    description: `${what} Answers at once with a job that goes on by itself; with dryRun, only with what it would choose.`,
    input: builder.inputType(`${typeName}Input`, {
      description: "Which tasks, and why.",
      fields: (t) => ({
        projectId: t.id({ required: true, description: "The project whose tasks they are." }),
        filter: t.field({ type: TaskFilterType, required: true, description: which }),
        all: t.boolean({ description: "Has to be true when the filter is empty: every task of the project is meant." }),
        reason: t.string({ required: true, description: "Why, for people." }),
        dryRun: t.boolean({ description: "Does nothing but say what would be chosen." }),
        expectedCount: t.int({ description: "Refused unless there are exactly so many, as a dry run counted." }),
      }),
    }),
    success: builder.objectRef<Answer>(`${typeName}Success`).implement({
      description: `${name} did what was asked.`,
      fields: (t) => ({
        data: t.field({
          type: BulkJobType,
          nullable: true,
          description: "The job; null after a dry run.",
          resolve: (answer) => answer.data,
        }),
        preview: t.field({
          type: BulkJobPreviewType,
          nullable: true,
          description: "What a dry run found; null when it was none.",
          resolve: (answer) => answer.preview,
        }),
      }),
    }),
    errors: [Conflict, LimitExceeded],
    resolve: async ({ projectId, filter, dryRun, ...input }, { runtime, caller }) => {
      const request = { ...input, projectId: uuidOf("project", projectId), filter: taskFilterOf(filter) };
      if (dryRun) return { data: null, preview: await previewBulkJob(runtime, caller, kind, request) };
      return { data: await createBulkJob(runtime, caller, kind, request), preview: null };
    },
  });
}

bulkMutation(
  "cancelTasks",
  "CANCEL",
  "Cancels all tasks that match now and have not ended, a million at most.",
  "Which tasks. Those that have ended are never chosen.",
);
bulkMutation(
  "retryTasks",
  "RETRY",
  "Runs all tasks again that match now and have ended, each as a new task, a million at most.",
  "Which tasks. Those that have not ended are never chosen, and those that have SUCCEEDED only when states names it.",
);

mutation("abortBulkJob", {
  permission: ["task.cancel", "task.retry", "agent.transition"],
  description:
    "Stops a bulk job: once this has answered, it touches no further task or agent. What it has done stays done.",
  input: builder.inputType("AbortBulkJobInput", {
    description: "Which job to stop, and why.",
    fields: (t) => ({
      jobId: t.id({ required: true, description: "The job." }),
      reason: t.string({ required: true, description: "Why, for people." }),
    }),
  }),
  success: successOf("abortBulkJob", BulkJobType),
  errors: [IllegalTransition],
  resolve: async ({ jobId, reason }, { runtime, caller }) => ({
    data: await abortBulkJob(runtime, caller, { jobId: uuidOf("bulkJob", jobId), reason }),
  }),
});
