import type { PageArguments } from "@muster/domain/page.ts";
import { getRateLimits, listRateLimits } from "@muster/operations/rate-limits/rate-limit-queries.ts";
import type { RateLimit } from "@muster/operations/rate-limits/rate-limit.ts";
import { countWaitingTasks } from "@muster/operations/rate-limits/waiting-counts.ts";
import { builder } from "../builder.ts";
import { loadedById } from "../loading.ts";
import { nestedField, nestedList } from "../nested-list.ts";
import { ProjectType } from "../projects/project.ts";
import { TaskCount } from "../queues/queue.ts";

export const RateLimitType = builder.loadableNodeRef<RateLimit>("RateLimit", {
  id: { resolve: (limit) => limit.id, description: "Its id, rate_…" },
  load: (ids, { runtime, caller }) => getRateLimits(runtime, caller, ids),
  ...loadedById,
});

const waitingFor = nestedField(({ runtime, caller }, limitIds) => countWaitingTasks(runtime, caller, limitIds));

RateLimitType.implement({
  permission: "task.read",
  description:
    "How many tasks that name the key may be handed out in a period: each takes a token, and tokens come back evenly.",
  fields: (t) => ({
    project: t.field({ type: ProjectType, description: "Its project.", resolve: (limit) => limit.projectId }),
    key: t.exposeString("key", { description: "What tasks name as their rateLimitKey; unique in the project." }),
    max: t.exposeInt("max", { description: "How many tasks at once, and how many in each period." }),
    periodMs: t.exposeInt("periodMs", { description: "The period, in milliseconds." }),
    available: t.exposeInt("available", { description: "How many tasks it would let through now." }),
    waiting: t.field({
      type: TaskCount,
      description: "How many tasks stand out of line until it has a token for them.",
      resolve: (limit, _arguments, context) => waitingFor(limit.id, {}, context),
    }),
    version: t.exposeInt("version", { description: "Rises by one with each change." }),
    createdAt: t.field({ type: "DateTime", description: "When it was made.", resolve: (limit) => limit.createdAt }),
  }),
});

const RateLimitConnection = builder.connectionObject(
  { type: RateLimitType, name: "RateLimitConnection", description: "A page of rate limits." },
  { name: "RateLimitEdge", description: "A rate limit in a page." },
);

interface Listing extends PageArguments {
  readonly search?: string | null | undefined;
}

const rateLimitsOf = nestedList(({ runtime, caller }, projectIds, { search, ...page }: Listing) =>
  listRateLimits(runtime, caller, projectIds, { filter: { search }, page }),
);

builder.objectField(ProjectType, "rateLimits", (t) =>
  t.connection(
    {
      type: RateLimitType,
      description: "Its rate limits, by key.",
      args: { search: t.arg.string({ description: "Whose keys begin like this." }) },
      resolve: (project, listing, context) => rateLimitsOf(project.id, listing, context),
    },
    RateLimitConnection,
  ),
);
