import type { BulkJobKind, BulkJobState } from "@muster/domain/bulk-job-lifecycle.ts";
import { formatId } from "@muster/domain/ids.ts";
import { getBulkJobs } from "@muster/operations/bulk-jobs/bulk-job-queries.ts";
import type { BulkJob } from "@muster/operations/bulk-jobs/bulk-job.ts";
import { ActorType } from "../actors.ts";
import { builder } from "../builder.ts";
import { loadedById } from "../loading.ts";
import { ProjectType } from "../projects/project.ts";

const BulkJobKindEnum = builder.enumType("BulkJobKind", {
  description: "What a bulk job does to its targets.",
  values: {
    CANCEL: { description: "It cancels them." },
    RETRY: { description: "It runs them again, as new tasks." },
    TRANSITION: { description: "Asks agents for an action." },
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
  description: "The same done to many tasks, which were fixed when it was asked for. Its events say how far it is.",
  fields: (t) => ({
    project: t.field({
      type: ProjectType,
      description: "The project whose tasks are its targets.",
      resolve: (job) => job.projectId,
    }),
    kind: t.field({ type: BulkJobKindEnum, description: "What it does.", resolve: (job) => job.kind }),
    state: t.field({ type: BulkJobStateEnum, description: "Its present state.", resolve: (job) => job.state }),
    stateSince: t.field({
      type: "DateTime",
      description: "Since when it is in this state.",
      resolve: (job) => job.stateSince,
    }),
    version: t.exposeInt("version", { description: "Rises by one with each event about it." }),
    filter: t.field({
      type: "JSON",
      description: "The TaskFilter that chose its targets.",
      resolve: (job) => publicFilter(job.filter),
    }),
    reason: t.exposeString("reason", { description: "Why it was asked for." }),
    total: t.exposeInt("total", { description: "How many targets it has." }),
    succeeded: t.exposeInt("succeeded", { description: "How many were cancelled, or run again." }),
    skipped: t.exposeInt("skipped", { description: "For how many there was nothing to do any more." }),
    failed: t.exposeInt("failed", { description: "How many were asked to stop and have not ended in time." }),
    started: t.exposeInt("started", { description: "How many were asked to stop and are being watched." }),
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

/** The fields of a `TaskFilter` that hold ids. */
const ID_FIELDS = { ids: "task", agent: "agent", workflow: "workflow", schedule: "schedule" } as const;

/** A filter as its creator gave it: with public ids, and without what was left open. */
function publicFilter(filter: BulkJob["filter"]): object {
  const given = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(
    given.map(([field, value]) => {
      const kind = ID_FIELDS[field as keyof typeof ID_FIELDS];
      if (!kind) return [field, value];
      return [field, Array.isArray(value) ? value.map((id) => formatId(kind, id)) : formatId(kind, value as string)];
    }),
  );
}
