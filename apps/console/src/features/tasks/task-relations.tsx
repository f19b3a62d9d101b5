"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import type { DependencyCondition } from "#api/generated/graphql.ts";
import { Card } from "#components/card.tsx";
import { numberText } from "#components/number-text.ts";
import { TaskLink, type TaskLinkFragment } from "#features/tasks/task-link.tsx";
import { RelationsFragment } from "#features/tasks/task-relations-fragment.ts";
import { type ProjectRoute, routes } from "#routes.ts";

const WAITS_FOR: Readonly<Record<DependencyCondition, string>> = {
  ALL_SUCCEEDED: "All have to succeed",
  ANY_SUCCEEDED: "One has to succeed",
  ALL_ENDED: "All have to end, however they do",
};
/** So many that it waits for are shown; the rest is counted. */
const SHOWN = 20;

type Linked = { readonly id: string } & FragmentType<typeof TaskLinkFragment>;

interface TaskRelationsProps {
  readonly project: ProjectRoute;
  readonly task: FragmentType<typeof RelationsFragment>;
}

/** The tasks that it waits for, that wait for it, that it runs again, and that run it again. Nothing when it stands alone. */
export function TaskRelations({ project, task: masked }: TaskRelationsProps) {
  const { dependencyCondition, dependencies, dependents, replays, replayOf } = readFragment(RelationsFragment, masked);
  const earlier = [
    replayOf,
    replayOf?.replayOf,
    replayOf?.replayOf?.replayOf,
    replayOf?.replayOf?.replayOf?.replayOf,
  ].filter((task) => task !== null && task !== undefined);
  const before = earlier.at(-1);
  const more = before && "replayOf" in before && before.replayOf ? before.replayOf.id : null;
  const nodes = (edges: readonly { readonly node: Linked }[]) => edges.map(({ node }) => node);
  if (dependencies.length + dependents.totalCount + replays.totalCount + earlier.length === 0) return null;
  return (
    <Card className="grid gap-4 px-4 py-3.5">
      <Group
        title="Waits for"
        note={dependencyCondition === null ? undefined : WAITS_FOR[dependencyCondition]}
        project={project}
        tasks={dependencies.slice(0, SHOWN)}
        more={dependencies.length - SHOWN}
      />
      <Group
        title="Waited for by"
        project={project}
        tasks={nodes(dependents.edges)}
        more={dependents.totalCount - dependents.edges.length}
      />
      <Group
        title="Run again as"
        project={project}
        tasks={nodes(replays.edges)}
        more={replays.totalCount - replays.edges.length}
      />
      <Group title="Runs again" project={project} tasks={earlier}>
        {more !== null && (
          <Link href={routes.task(project, more)} className="text-accent">
            And what that one runs again
          </Link>
        )}
      </Group>
    </Card>
  );
}

interface GroupProps {
  readonly title: string;
  readonly note?: string | undefined;
  readonly project: ProjectRoute;
  readonly tasks: readonly Linked[];
  readonly more?: number;
  readonly children?: ReactNode;
}

function Group({ title, note, project, tasks, more = 0, children }: GroupProps) {
  if (tasks.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2 className="font-[550]">{title}</h2>
      {note !== undefined && tasks.length > 1 && <p className="text-sm text-faint">{note}</p>}
      <ul className="mt-1">
        {tasks.map((task) => (
          <li key={task.id}>
            <TaskLink project={project} task={task} />
          </li>
        ))}
      </ul>
      {more > 0 && <p className="text-sm text-faint">and {numberText(more)} more</p>}
      {children}
    </section>
  );
}
