import type { PageArguments } from "@muster/domain/page.ts";
import { listTaskChunks, type TaskChunk } from "@muster/operations/tasks/task-queries.ts";
import { builder } from "../builder.ts";
import { nestedList } from "../nested-list.ts";
import { TaskType } from "./task.ts";

const TaskChunkType = builder.objectRef<TaskChunk>("TaskChunk").implement({
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
