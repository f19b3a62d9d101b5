"use client";
import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Ago, Elapsed } from "#components/time.tsx";
import { TASK_STATES } from "#lifecycles/task-states.tsx";
import { StateIcon } from "#lifecycles/state-badge.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

export const TaskLinkFragment = graphql(`
  fragment TaskLink on Task {
    id
    title
    state
    stateSince
    finishedAt
  }
`);

interface TaskLinkProps {
  readonly project: ProjectRoute;
  readonly task: FragmentType<typeof TaskLinkFragment>;
  /** How it belongs to the page's own task. */
  readonly note?: string;
}

/** Another task, in a line: how it stands, what it is about, since when. */
export function TaskLink({ project, task: masked, note }: TaskLinkProps) {
  const { id, title, state, stateSince } = readFragment(TaskLinkFragment, masked);
  const look = TASK_STATES[state];
  return (
    <Link
      href={routes.task(project, id)}
      className="-mx-2 flex items-baseline gap-2 rounded-md px-2 py-1 hover:bg-sunken"
    >
      <span title={look.word} className="self-center">
        <StateIcon look={look} />
        <span className="sr-only">{look.word}: </span>
      </span>
      <span className="min-w-0 grow truncate">{title}</span>
      {note !== undefined && <span className="whitespace-nowrap text-sm text-faint">{note}</span>}
      <span className="text-sm whitespace-nowrap text-faint">
        {state === "RUNNING" ? <Elapsed since={stateSince} /> : <Ago at={stateSince} />}
      </span>
    </Link>
  );
}
