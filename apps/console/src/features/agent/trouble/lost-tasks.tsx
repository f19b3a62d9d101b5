"use client";
import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { TEXT_LINK } from "#features/agent/text-link.ts";
import { lostText } from "#features/agent/trouble/trouble-words.ts";
import { TASK_STATES } from "#lifecycles/task-states.tsx";
import { StateIcon } from "#lifecycles/state-badge.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const LostFragment = graphql(`
  fragment LostTask on Task {
    id
    title
    state
  }
`);

const MOST = 4;

interface LostTasksProps {
  readonly project: ProjectRoute;
  readonly tasks: readonly FragmentType<typeof LostFragment>[];
}

/** The tasks that it held when it failed, and how they stand now. */
export function LostTasks({ project, tasks: masked }: LostTasksProps) {
  const tasks = [
    ...new Map(masked.map((task) => readFragment(LostFragment, task)).map((task) => [task.id, task])).values(),
  ];
  const text = lostText(tasks);
  if (text === null) return null;
  return (
    <p className="mt-0.5 text-muted">
      {text}{" "}
      {tasks.slice(0, MOST).map((task) => (
        <Link
          key={task.id}
          href={routes.task(project, task.id)}
          prefetch={false}
          title={`${TASK_STATES[task.state].word}: ${task.id}`}
          className={`mr-2 inline-flex items-center gap-1 whitespace-nowrap text-ink ${TEXT_LINK}`}
        >
          <StateIcon look={TASK_STATES[task.state]} />
          <span className="sr-only">{TASK_STATES[task.state].word}:</span>
          {task.title}
        </Link>
      ))}
      {tasks.length > MOST && <span>and {tasks.length - MOST} more</span>}
    </p>
  );
}
