import { MOVED_FIELDS, type MovedTask, OFFERED_FIELDS, type Task } from "@muster/operations/tasks/task.ts";
import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from "graphql";
import { builder } from "../builder.ts";
import { TaskType } from "./task.ts";

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
        resolve: ({ data }, _arguments, _context, info) => asFarAsAsked(data, MOVED_FIELDS, info),
      }),
    }),
  });
}

/** A task of which an operation gave only the `OFFERED_FIELDS`, for a field of the type `Task`. */
export function offeredTask(task: Pick<Task, "id">, info: GraphQLResolveInfo): Task | string {
  return asFarAsAsked(task, OFFERED_FIELDS, info);
}

/** What is known of a task where that is all that is asked for; else its id, and it is read. */
function asFarAsAsked(task: Pick<Task, "id">, known: readonly (keyof Task)[], info: GraphQLResolveInfo): Task | string {
  const fields = fieldsFrom(known);
  const enough = info.fieldNodes.every((node) => asksOnly(fields, node.selectionSet, info));
  return enough ? (task as Task) : task.id;
}

const FIELDS = new Map<readonly (keyof Task)[], ReadonlySet<string>>();

/** The fields of `Task` that need no more than these columns: `agent` is read by its `agentId`. */
function fieldsFrom(columns: readonly (keyof Task)[]): ReadonlySet<string> {
  const found = FIELDS.get(columns) ?? new Set(["__typename", ...columns.map((column) => column.replace(/Id$/, ""))]);
  FIELDS.set(columns, found);
  return found;
}

function asksOnly(
  fields: ReadonlySet<string>,
  selected: SelectionSetNode | undefined,
  info: GraphQLResolveInfo,
): boolean {
  return (selected?.selections ?? []).every((selection) => {
    if (selection.kind === Kind.FIELD) return fields.has(selection.name.value);
    if (selection.kind === Kind.INLINE_FRAGMENT) return asksOnly(fields, selection.selectionSet, info);
    return asksOnly(fields, info.fragments[selection.name.value]?.selectionSet, info);
  });
}
