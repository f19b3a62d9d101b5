"use client";
import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { AgentTaskRowFragment } from "#api/generated/graphql.ts";
import { CopyableId } from "#components/copyable-id.tsx";
import { Ago, Elapsed } from "#components/time.tsx";
import { spentText } from "#events/spent-text.ts";
import { StateIcon, TaskStateBadge } from "#lifecycles/state-badge.tsx";
import { TASK_STATES } from "#lifecycles/task-states.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const RowFragment = graphql(`
  fragment AgentTaskRow on Task {
    id
    version
    title
    state
    attempt
    progress
    progressMessage
    createdAt
    startedAt
    finishedAt
    error {
      message
    }
    agent {
      id
      name
    }
    targetAgent {
      id
    }
  }
`);

interface TaskRowProps {
  readonly project: ProjectRoute;
  /** Whose page this is. */
  readonly agent: string;
  readonly task: FragmentType<typeof RowFragment>;
}

/** One of an agent's tasks: how it stands, what it is about, what came of it. */
export function TaskRow({ project, agent, task: masked }: TaskRowProps) {
  const task = readFragment(RowFragment, masked);
  return (
    <tr className="border-t border-line align-baseline hover:bg-sunken/60">
      <td className="px-4 py-2 max-sm:pr-0">
        <span className="max-sm:hidden">
          <TaskStateBadge state={task.state} />
        </span>
        <span className="sm:hidden" title={TASK_STATES[task.state].word}>
          <StateIcon look={TASK_STATES[task.state]} />
          <span className="sr-only">{TASK_STATES[task.state].word}</span>
        </span>
      </td>
      <th scope="row" aria-label={task.title} className="w-full max-w-0 px-4 py-2 text-left font-normal md:w-2/5">
        <span className="flex items-baseline gap-2">
          <Link
            href={routes.task(project, task.id)}
            prefetch={false}
            className="truncate font-[550] hover:underline"
            title={task.title}
          >
            {task.title}
          </Link>
          <span className="hidden shrink-0 sm:inline">
            <CopyableId id={task.id} short />
          </span>
        </span>
      </th>
      <td className="hidden max-w-0 px-4 py-2 text-muted md:table-cell md:w-2/5">
        <Outcome task={task} agent={agent} />
      </td>
      <td className="hidden px-4 py-2 text-right text-muted tabular-nums lg:table-cell">{task.attempt}</td>
      <td className="px-4 py-2 text-right whitespace-nowrap text-muted tabular-nums">
        <Spent task={task} />
      </td>
      <td className="hidden px-4 py-2 text-right whitespace-nowrap text-muted sm:table-cell">
        <Ago at={task.finishedAt ?? task.startedAt ?? task.createdAt} />
      </td>
    </tr>
  );
}

function Outcome({ task, agent }: { readonly task: AgentTaskRowFragment; readonly agent: string }) {
  const said = task.error?.message ?? (task.finishedAt === null ? task.progressMessage : null);
  const where =
    task.agent !== null && task.agent.id !== agent
      ? `went on at ${task.agent.name}`
      : task.agent === null && task.targetAgent?.id === agent
        ? "is meant for it"
        : null;
  const done = task.progress !== null && task.finishedAt === null ? `${Math.round(task.progress * 100)} %` : null;
  const text = [done, said, where].filter((each) => each !== null && each !== "").join(" · ");
  return (
    <div className="truncate" title={text}>
      {text}
    </div>
  );
}

function Spent({ task: { startedAt, finishedAt } }: { readonly task: AgentTaskRowFragment }) {
  if (startedAt === null) return <span title="It was not started">–</span>;
  if (finishedAt === null) return <Elapsed since={startedAt} />;
  return spentText(Date.parse(finishedAt) - Date.parse(startedAt));
}
