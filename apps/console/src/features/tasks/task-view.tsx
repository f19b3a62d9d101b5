"use client";
import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import type { EventFragment } from "#events/event-fragment.ts";
import { AttemptChart } from "#features/tasks/attempt-chart.tsx";
import { attemptsOf } from "#features/tasks/attempts.ts";
import { TaskActions } from "#features/tasks/task-actions.tsx";
import { BodyFragment } from "#features/tasks/task-body-fragment.ts";
import { DataFragment, TaskData } from "#features/tasks/task-data.tsx";
import { movesOf, type TaskEvent } from "#features/tasks/task-event.ts";
import { TaskEvents } from "#features/tasks/task-events.tsx";
import { TaskFacts } from "#features/tasks/task-facts.tsx";
import { TaskHeader } from "#features/tasks/task-header.tsx";
import { TaskOutcome } from "#features/tasks/task-outcome.tsx";
import { TaskProgress } from "#features/tasks/task-progress.tsx";
import { TaskRelations } from "#features/tasks/task-relations.tsx";
import type { RelationsFragment } from "#features/tasks/task-relations-fragment.ts";
import { TimelineFragment } from "#features/tasks/task-timeline-fragment.ts";
import { taskHasEnded } from "#lifecycles/task-states.tsx";
import { newestFirst } from "#live/merge-events.ts";
import { type ProjectRoute, routes, type TaskView as View } from "#routes.ts";

/** Most tasks wait for nothing. */
const WhyWaiting = dynamic(() => import("#features/tasks/why-waiting.tsx").then((module) => module.WhyWaiting));
/** Most tasks stream nothing. */
const ChunkLog = dynamic(() => import("#features/tasks/chunk-log.tsx").then((module) => module.ChunkLog));

type Shown = TaskEvent & FragmentType<typeof EventFragment>;

interface TaskViewProps {
  readonly project: ProjectRoute;
  readonly task: FragmentType<typeof BodyFragment> &
    FragmentType<typeof DataFragment> &
    FragmentType<typeof RelationsFragment> &
    FragmentType<typeof TimelineFragment>;
  /** What has happened since it was read, also to the tasks that it stands with. */
  readonly events: readonly (Shown & { readonly subjectId: string })[];
  readonly permissions: readonly string[];
}

/** All of a task on one page. */
export function TaskView({ project, task, events: since, permissions }: TaskViewProps) {
  const body = readFragment(BodyFragment, task);
  const { id, runAt, finishedAt, timeline } = readFragment(TimelineFragment, task);
  const { input } = readFragment(DataFragment, task);
  const parameters = useSearchParams();
  const view: View = {
    attempt: parameters.get("attempt") ?? undefined,
    event: parameters.get("event") ?? undefined,
  };
  const hrefOf = (changed: View) => routes.task(project, id, { ...view, ...changed });
  const events = useMemo(
    () =>
      newestFirst<Shown>(
        timeline.edges.map(({ node }) => node),
        since.filter(({ subjectId }) => subjectId === id),
      ),
    [timeline, since, id],
  );
  const attempts = useMemo(() => attemptsOf(movesOf(id, events), runAt), [id, events, runAt]);
  const ended = taskHasEnded(body.state);
  return (
    <div className="grid grid-cols-1 gap-5">
      <TaskHeader project={project} task={body}>
        <TaskActions project={project} task={body} input={input} permissions={permissions} />
      </TaskHeader>
      <div className="grid grid-cols-1 items-start gap-5 xl:grid-cols-[minmax(0,1fr)_320px]">
        <div className="grid min-w-0 grid-cols-1 gap-5">
          <TaskOutcome task={body} />
          <WhyWaiting project={project} task={body} permissions={permissions} />
          <TaskProgress task={body} />
          <AttemptChart
            project={project}
            attempts={attempts}
            incomplete={timeline.pageInfo.hasPreviousPage}
            finishedAt={finishedAt}
            opened={view.attempt}
            onOpen={(attempt) => window.history.replaceState(null, "", hrefOf({ attempt }))}
            eventHref={(event) => hrefOf({ event })}
          />
          {body.chunkCount > 0 && (
            <ChunkLog task={id} count={body.chunkCount} ended={ended} expiredAt={body.resultExpiredAt} />
          )}
          <TaskData task={task} />
          <TaskEvents
            events={events}
            incomplete={timeline.pageInfo.hasPreviousPage}
            hrefOf={(event) => hrefOf({ event })}
            current={view.event}
          />
        </div>
        <div className="grid grid-cols-1 gap-5">
          <TaskRelations project={project} task={task} />
          <TaskFacts project={project} task={body} />
        </div>
      </div>
    </div>
  );
}
