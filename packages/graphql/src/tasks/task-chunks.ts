import type { PageArguments } from "@muster/domain/page.ts";
import { followChunks } from "@muster/operations/tasks/follow-chunks.ts";
import type { TaskChunk } from "@muster/operations/tasks/task-chunk.ts";
import { listTaskChunks } from "@muster/operations/tasks/task-queries.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { nestedList } from "../nested-list.ts";
import { TaskType } from "./task.ts";

const TaskChunkType = builder.objectRef<TaskChunk>("TaskChunk").implement({
  permission: "task.read",
  description: "A piece of partial output that an attempt has streamed.",
  fields: (t) => ({
    number: t.exposeInt("number", { description: "Rises with each chunk of the task." }),
    attempt: t.exposeInt("attempt", { description: "The attempt that streamed it." }),
    chunk: t.field({ type: "JSON", description: "The piece.", resolve: (row) => row.chunk }),
    at: t.field({ type: "DateTime", description: "When it came.", resolve: (row) => row.at }),
  }),
});

const TaskChunkConnection = builder.connectionObject(
  { type: TaskChunkType, name: "TaskChunkConnection", description: "A page of partial output." },
  { name: "TaskChunkEdge", description: "A piece of partial output in a page." },
);

const chunksOf = nestedList(({ runtime, caller }, taskIds, page: PageArguments) =>
  listTaskChunks(runtime, caller, taskIds, page),
);

builder.objectField(TaskType, "chunks", (t) =>
  t.connection(
    {
      type: TaskChunkType,
      description: "The partial output that its attempts have streamed, in order.",
      resolve: (task, page, context) => chunksOf(task.id, page, context),
    },
    TaskChunkConnection,
  ),
);

builder.subscriptionField("taskChunks", (t) =>
  t.field({
    type: TaskChunkType,
    permission: "task.read",
    description:
      "The partial output of a task, each chunk once and in order: first what is there, then as it comes. Ends when the task has ended and all is delivered.",
    args: {
      task: t.arg.id({ required: true, description: "The task." }),
      after: t.arg.int({ description: "Continue after the chunk with this number; from the first one without it." }),
    },
    subscribe: (_root, { task, after }, { runtime, taskWatch, caller, lastEventId }) =>
      followChunks(runtime, taskWatch, caller, {
        taskId: uuidOf("task", task),
        after: lastEventId === null ? after : Number(lastEventId),
      }) as never,
    resolve: (chunk: TaskChunk) => chunk,
  }),
);
