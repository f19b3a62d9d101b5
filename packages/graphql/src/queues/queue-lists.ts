import type { PageArguments } from "@muster/domain/page.ts";
import { findQueues, listQueues } from "@muster/operations/queues/queue-queries.ts";
import { builder } from "../builder.ts";
import { nestedField, nestedList } from "../nested-list.ts";
import { ProjectType } from "../projects/project.ts";
import { QueueType } from "./queue.ts";

const QueueConnection = builder.connectionObject(
  { type: QueueType, name: "QueueConnection", description: "A page of queues." },
  { name: "QueueEdge", description: "A queue in a page." },
);

interface Listing extends PageArguments {
  readonly search?: string | null | undefined;
  readonly paused?: boolean | null | undefined;
}

const queuesOf = nestedList(({ runtime, caller }, projectIds, { search, paused, ...page }: Listing) =>
  listQueues(runtime, caller, projectIds, { filter: { search, paused }, page }),
);

const queueOf = nestedField(({ runtime, caller }, projectIds, { name }: { name: string }) =>
  findQueues(runtime, caller, projectIds, name),
);

builder.objectFields(ProjectType, (t) => ({
  queues: t.connection(
    {
      type: QueueType,
      description: "Its queues, by name.",
      args: {
        search: t.arg.string({ description: "Whose names begin like this." }),
        paused: t.arg.boolean({ description: "Those that are paused, or those that are not." }),
      },
      resolve: (project, listing, context) => queuesOf(project.id, listing, context),
    },
    QueueConnection,
  ),
  queue: t.field({
    type: QueueType,
    nullable: true,
    description: "Its queue of this name; null when neither a task nor a setting has made it.",
    args: { name: t.arg.string({ required: true, description: "The queue's name." }) },
    resolve: (project, { name }, context) => queueOf(project.id, { name }, context),
  }),
}));
