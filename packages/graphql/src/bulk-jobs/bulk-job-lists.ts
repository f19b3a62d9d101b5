import type { BulkJobOutcome } from "@muster/domain/bulk-job-lifecycle.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { listBulkJobs, listBulkJobTargets } from "@muster/operations/bulk-jobs/bulk-job-queries.ts";
import type { BulkJobTarget } from "@muster/operations/bulk-jobs/bulk-job.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { nestedList } from "../nested-list.ts";
import { ProjectType } from "../projects/project.ts";
import { TaskType } from "../tasks/task.ts";
import { BulkJobKindEnum, BulkJobStateEnum, BulkJobType } from "./bulk-job.ts";

const BulkJobFilterType = builder.inputType("BulkJobFilter", {
  description: "Which bulk jobs: all that is given has to hold.",
  fields: (t) => ({
    states: t.field({ type: [BulkJobStateEnum], description: "In one of these states." }),
    kinds: t.field({ type: [BulkJobKindEnum], description: "Of one of these kinds." }),
  }),
});

const BulkJobConnection = builder.connectionObject(
  { type: BulkJobType, name: "BulkJobConnection", description: "A page of bulk jobs." },
  { name: "BulkJobEdge", description: "A bulk job in a page." },
);

interface JobListing extends PageArguments {
  readonly filter?: typeof BulkJobFilterType.$inferInput | null | undefined;
}

const jobsOf = nestedList(({ runtime, caller }, projectIds, { filter, ...page }: JobListing) =>
  listBulkJobs(runtime, caller, projectIds, { states: filter?.states ?? null, kinds: filter?.kinds ?? null, page }),
);

builder.objectField(ProjectType, "bulkJobs", (t) =>
  t.connection(
    {
      type: BulkJobType,
      description: "Its bulk jobs, the newest first.",
      args: { filter: t.arg({ type: BulkJobFilterType, description: "Which of them." }) },
      resolve: (project, listing, context) => jobsOf(project.id, listing, context),
    },
    BulkJobConnection,
  ),
);

const BulkJobOutcomeEnum = builder.enumType("BulkJobOutcome", {
  description: "What has become of one target of a bulk job.",
  values: {
    PENDING: { description: "Its turn has not come." },
    STARTED: {
      description:
        "Of a task: its agent is asked to stop. Of an agent: it finishes its tasks first. Whether they do is watched.",
    },
    SUCCEEDED: { description: "It is cancelled, has stopped, or runs again. Of an agent: it has taken the action." },
    SKIPPED: {
      description:
        "It had ended before its turn came. Of an agent: the action was not allowed any more, or was taken back.",
    },
    FAILED: { description: "It was asked to stop, or finishes its tasks, and has not ended in time." },
  } satisfies Record<BulkJobOutcome, { description: string }>,
});

const BulkJobTargetType = builder.objectRef<BulkJobTarget>("BulkJobTarget").implement({
  permission: "task.read",
  description: "A task or an agent that a bulk job is about.",
  fields: (t) => ({
    number: t.exposeInt("number", { description: "Its place in the order of turns, from 1." }),
    task: t.field({
      type: TaskType,
      nullable: true,
      description: "The task; null in a job about agents.",
      resolve: (target) => target.taskId,
    }),
    agent: t.field({
      type: AgentType,
      nullable: true,
      description: "The agent; null in a job about tasks.",
      resolve: (target) => target.agentId,
    }),
    outcome: t.field({
      type: BulkJobOutcomeEnum,
      description: "What has become of it.",
      resolve: (target) => target.outcome,
    }),
    message: t.exposeString("message", { nullable: true, description: "What else there is to say of its outcome." }),
    newTask: t.field({
      type: TaskType,
      nullable: true,
      description: "The task that runs it again.",
      resolve: (target) => target.newTaskId,
    }),
    at: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it got its outcome; null before its turn.",
      resolve: (target) => target.at,
    }),
  }),
});

const BulkJobTargetFilterType = builder.inputType("BulkJobTargetFilter", {
  description: "Which targets: all that is given has to hold.",
  fields: (t) => ({
    outcomes: t.field({ type: [BulkJobOutcomeEnum], description: "With one of these outcomes." }),
  }),
});

const BulkJobTargetConnection = builder.connectionObject(
  { type: BulkJobTargetType, name: "BulkJobTargetConnection", description: "A page of targets." },
  { name: "BulkJobTargetEdge", description: "A target in a page." },
);

interface TargetListing extends PageArguments {
  readonly filter?: typeof BulkJobTargetFilterType.$inferInput | null | undefined;
}

const targetsOf = nestedList(({ runtime, caller }, jobIds, { filter, ...page }: TargetListing) =>
  listBulkJobTargets(runtime, caller, jobIds, { outcomes: filter?.outcomes ?? null, page }),
);

builder.objectField(BulkJobType, "targets", (t) =>
  t.connection(
    {
      type: BulkJobTargetType,
      description: "The tasks or agents that it is about, in the order of their turns.",
      args: { filter: t.arg({ type: BulkJobTargetFilterType, description: "Which of them." }) },
      resolve: (job, listing, context) => targetsOf(job.id, listing, context),
    },
    BulkJobTargetConnection,
  ),
);
