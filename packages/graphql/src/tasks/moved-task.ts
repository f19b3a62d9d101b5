import { MOVED_FIELDS, type MovedTask, type Task } from "@muster/operations/tasks/task.ts";
import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from "graphql";
import { builder } from "../builder.ts";
import { TaskType } from "./task.ts";

/** The fields of `Task` that need no more than a `MovedTask`: `agent` is read by its `agentId`. */
const ENOUGH = new Set(["__typename", ...MOVED_FIELDS.map((field) => field.replace(/Id$/, ""))]);

/**
 * Declares the object type `<Name>Success` of a mutation that gives back only a part of its task: that is enough for agents, who
 * call it thousands of times; whoever asks for more of the task has it read.
 */
export function movedTaskOf(name: string) {
  return builder.objectRef<{ data: MovedTask }>(`${name.charAt(0).toUpperCase()}${name.slice(1)}Success`).implement({
    description: `${name} did what was asked.`,
    fields: (t) => ({
      data: t.field({
        type: TaskType,
        description: "The result.",
        resolve: ({ data }, _arguments, _context, info) =>
          info.fieldNodes.every((node) => asksLittle(node.selectionSet, info)) ? (data as unknown as Task) : data.id,
      }),
    }),
  });
}

function asksLittle(selected: SelectionSetNode | undefined, info: GraphQLResolveInfo): boolean {
  return (selected?.selections ?? []).every((selection) => {
    if (selection.kind === Kind.FIELD) return ENOUGH.has(selection.name.value);
    if (selection.kind === Kind.INLINE_FRAGMENT) return asksLittle(selection.selectionSet, info);
    return asksLittle(info.fragments[selection.name.value]?.selectionSet, info);
  });
}
