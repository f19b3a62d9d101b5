import type { BulkJobKind, BulkJobState } from "@muster/domain/bulk-job-lifecycle.ts";
import { formatId, type IdKind } from "@muster/domain/ids.ts";
import { getBulkJobs } from "@muster/operations/bulk-jobs/bulk-job-queries.ts";
import type { BulkJob } from "@muster/operations/bulk-jobs/bulk-job.ts";
import { ActorType } from "../actors.ts";
import { AgentActionEnum, TransitionModeEnum } from "../agents/agent-enums.ts";
import { builder } from "../builder.ts";
import { loadedById } from "../loading.ts";
import { ProjectType } from "../projects/project.ts";

export const BulkJobKindEnum = builder.enumType("BulkJobKind", {
  description: "What a bulk job does to its targets.",
  values: {
    CANCEL: { description: "It cancels tasks." },
    RETRY: { description: "It runs tasks again, as new ones." },
    TRANSITION: { description: "It asks agents for an action." },
  } satisfies Record<BulkJobKind, { description: string }>,
});

export const BulkJobStateEnum = builder.enumType("BulkJobState", {
  description: "The states of a bulk job's lifecycle.",
  values: {
    RUNNING: { description: "Its targets have their turns, or are being watched." },
    SUCCEEDED: { description: "All its targets were dealt with." },
    FAILED: { description: "All were dealt with, and some have not ended in time." },
    ABORTED: { description: "Someone stopped it: targets whose turn had not come are left alone." },
  } satisfies Record<BulkJobState, { description: string }>,
});

export const BulkJobType = builder.loadableNodeRef<BulkJob>("BulkJob", {
  id: { resolve: (job) => job.id, description: "Its id, job_…" },
  load: (ids, { runtime, caller }) => getBulkJobs(runtime, caller, ids),
  ...loadedById,
});

BulkJobType.implement({
  permission: "task.read",
  description:
    "The same done to many tasks or agents, which were fixed when it was asked for. Its events say how far it is.",
  fields: (t) => ({
    project: t.field({
      type: ProjectType,
      description: "The project whose tasks or agents are its targets.",
      resolve: (job) => job.projectId,
    }),
    kind: t.field({ type: BulkJobKindEnum, description: "What it does.", resolve: (job) => job.kind }),
    action: t.field({
      type: AgentActionEnum,
      nullable: true,
      description: "What it asks agents for; null in a job about tasks.",
      resolve: (job) => job.action,
    }),
    mode: t.field({
      type: TransitionModeEnum,
      nullable: true,
      description: "Whether busy agents finish their tasks first; null in a job about tasks.",
      resolve: (job) => job.mode,
    }),
    state: t.field({ type: BulkJobStateEnum, description: "Its present state.", resolve: (job) => job.state }),
    stateSince: t.field({
      type: "DateTime",
      description: "Since when it is in this state.",
      resolve: (job) => job.stateSince,
    }),
    version: t.exposeInt("version", { description: "Rises by one with each event about it." }),
    filter: t.field({
      type: "JSON",
      description: "The TaskFilter, or AgentFilter, that chose its targets.",
      resolve: publicFilter,
    }),
    reason: t.exposeString("reason", { description: "Why it was asked for." }),
    total: t.exposeInt("total", { description: "How many targets it has." }),
    succeeded: t.exposeInt("succeeded", {
      description: "How many were cancelled, run again, or have taken the action.",
    }),
    skipped: t.exposeInt("skipped", { description: "For how many there was nothing to do any more." }),
    failed: t.exposeInt("failed", {
      description: "How many were asked to stop, or to finish their tasks, and have not ended in time.",
    }),
    started: t.exposeInt("started", {
      description: "How many were asked to stop, or finish their tasks, and are being watched.",
    }),
    pending: t.exposeInt("pending", {
      description: "How many have not had their turn. Once the job is ABORTED they never will.",
    }),
    creator: t.field({
      type: ActorType,
      description: "Who asked for it, and in whose name it acts.",
      resolve: (job) => ({ kind: job.creatorKind, id: job.creatorId, name: job.creatorName }),
    }),
    createdAt: t.field({ type: "DateTime", description: "When it was asked for.", resolve: (job) => job.createdAt }),
    finishedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When its last target had its outcome; of an aborted job, the last of those whose turn had come.",
      resolve: (job) => job.finishedAt,
    }),
  }),
});

/** The fields of a filter that hold ids: the name that the API has for each, and what it names. */
const TASK_IDS: IdFields = {
  ids: ["ids", "task"],
  agent: ["agent", "agent"],
  workflow: ["workflow", "workflow"],
  schedule: ["schedule", "schedule"],
};
const AGENT_IDS: IdFields = { ids: ["ids", "agent"], definitionId: ["definition", "definition"] };
type IdFields = Readonly<Record<string, readonly [name: string, kind: IdKind] | undefined>>;

/** A filter as its creator gave it: with public ids, and without what was left open. */
function publicFilter({ kind: jobKind, filter }: BulkJob): object {
  const given = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined);
  const idFields = jobKind === "TRANSITION" ? AGENT_IDS : TASK_IDS;
  return Object.fromEntries(
    given.map(([field, value]) => {
      const [name, kind] = idFields[field] ?? [field];
      if (!kind) return [name, value];
      return [name, Array.isArray(value) ? value.map((id) => formatId(kind, id)) : formatId(kind, value as string)];
    }),
  );
}
