"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { CopyableId } from "#components/copyable-id.tsx";
import { columnsOf } from "#components/table/columns.ts";
import { RowLink } from "#components/table/row-link.tsx";
import { Ago } from "#components/time.tsx";
import { AgentCell, AttemptsCell, DoingCell, DurationCell } from "#features/tasks/task-cells.tsx";
import { type TaskRow, TaskRowFragment } from "#features/tasks/task-row-fragment.ts";
import { Until } from "#components/until.tsx";
import { TaskStateBadge } from "#lifecycles/state-badge.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const column = columnsOf<TaskRow>();
const NUMBER = "text-right text-muted tabular-nums whitespace-nowrap";
const task = (row: TaskRow) => readFragment(TaskRowFragment, row);

/** What the list can show of a task. */
export function taskColumns(project: ProjectRoute) {
  return column.columns([
    column.display({
      id: "state",
      meta: { name: "State", wide: "w-30", narrow: "order-2 @max-4xl:text-right" },
      cell: ({ row: { original } }) => <TaskStateBadge state={task(original).state} />,
    }),
    column.display({
      id: "name",
      meta: { name: "Task", wide: "w-[21%]", narrow: "order-1", fixed: true },
      cell: ({ row: { original } }) => (
        <>
          <RowLink href={routes.task(project, original.id)}>{task(original).title}</RowLink>
          <CopyableId id={original.id} short />
        </>
      ),
    }),
    column.display({
      id: "doing",
      meta: { name: "Doing", narrow: "order-3 col-span-2 @max-4xl:empty:hidden" },
      cell: ({ row: { original } }) => <DoingCell row={original} />,
    }),
    column.display({
      id: "agent",
      meta: { name: "Agent", wide: "w-[10%]", narrow: "order-4" },
      cell: ({ row: { original } }) => <AgentCell project={project} row={original} />,
    }),
    column.display({
      id: "queue",
      meta: { name: "Queue", wide: "w-[8%]", narrow: "order-5 @max-4xl:text-right" },
      cell: ({ row: { original } }) => (
        <Link
          href={routes.tasks(project, { queue: task(original).queue })}
          prefetch={false}
          className="block truncate text-muted hover:underline"
        >
          {task(original).queue}
        </Link>
      ),
    }),
    column.display({
      id: "attempts",
      meta: { name: "Attempts", wide: `w-22 ${NUMBER}`, narrow: "order-8 text-muted" },
      cell: ({ row: { original } }) => (
        <Labelled name="Attempts">
          <AttemptsCell row={original} />
        </Labelled>
      ),
    }),
    column.display({
      id: "duration",
      meta: { name: "Ran", wide: `w-20 ${NUMBER}`, narrow: "order-9 text-right text-muted" },
      cell: ({ row: { original } }) => (
        <Labelled name="Ran">
          <DurationCell row={original} />
        </Labelled>
      ),
    }),
    column.display({
      id: "created",
      meta: {
        name: "Created",
        wide: `w-26 ${NUMBER}`,
        narrow: "order-10 text-muted",
        orderBy: "created",
        descendingFirst: true,
      },
      cell: ({ row: { original } }) => (
        <Labelled name="Created">
          <Ago at={task(original).createdAt} />
        </Labelled>
      ),
    }),
    column.display({
      id: "ended",
      meta: {
        name: "Ended",
        wide: `w-28 ${NUMBER}`,
        narrow: "order-11 text-right text-muted",
        orderBy: "ended",
        descendingFirst: true,
        extra: true,
      },
      cell: ({ row: { original } }) => <Moment name="Ended" at={task(original).finishedAt} />,
    }),
    column.display({
      id: "due",
      meta: { name: "Due", wide: `w-28 ${NUMBER}`, narrow: "order-12 text-muted", orderBy: "due", extra: true },
      cell: ({ row: { original } }) => <Moment name="Due" at={task(original).runAt} />,
    }),
    column.display({
      id: "priority",
      meta: {
        name: "Priority",
        wide: `w-20 ${NUMBER}`,
        narrow: "order-13 text-muted",
        orderBy: "priority",
        descendingFirst: true,
        extra: true,
      },
      cell: ({ row: { original } }) => <Labelled name="Priority">{task(original).priority}</Labelled>,
    }),
    column.display({
      id: "kind",
      meta: { name: "Kind", wide: "w-[10%]", narrow: "order-6 text-muted", extra: true },
      cell: ({ row: { original } }) => <Plain>{task(original).kind}</Plain>,
    }),
    column.display({
      id: "key",
      meta: { name: "Concurrency key", wide: "w-[12%]", narrow: "order-7 text-muted", extra: true },
      cell: ({ row: { original } }) => <Plain>{task(original).concurrencyKey ?? "—"}</Plain>,
    }),
  ]);
}

function Plain({ children }: { readonly children: string }) {
  return (
    <span className="block truncate text-muted" title={children}>
      {children}
    </span>
  );
}

function Moment({ name, at }: { readonly name: string; readonly at: string | null }) {
  return (
    <Labelled name={name}>
      {at === null ? "—" : Date.parse(at) > Date.now() ? <Until at={at} /> : <Ago at={at} />}
    </Labelled>
  );
}

/** On a card, where no header says what it is, its name stands before it. */
function Labelled({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <span className="@4xl:hidden">{name} </span>
      {children}
    </>
  );
}
