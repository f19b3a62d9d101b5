import { formatId } from "@muster/domain/ids.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";

/** One attempt at a task. `taskId` is a UUID. */
interface Reference {
  readonly taskId: string;
  readonly attempt: number;
}

export const TaskRefInput = builder.inputType("TaskRef", {
  description: "One attempt at a task.",
  fields: (t) => ({
    taskId: t.id({ required: true, description: "The task." }),
    attempt: t.int({ required: true, description: "The attempt: the fence of everything that its holder does." }),
  }),
});

export const TaskReferenceType = builder.objectRef<Reference>("TaskReference").implement({
  permission: "agent.act",
  description: "One attempt at a task.",
  fields: (t) => ({
    taskId: t.id({ description: "The task.", resolve: (reference) => formatId("task", reference.taskId) }),
    attempt: t.exposeInt("attempt", { description: "The attempt." }),
  }),
});

/** The reference with the UUID of its task. */
export function referenceOf({ taskId, attempt }: Reference): Reference {
  return { taskId: uuidOf("task", taskId), attempt };
}
