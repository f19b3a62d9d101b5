"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { CopyableId } from "#components/copyable-id.tsx";
import { Ago, Elapsed } from "#components/time.tsx";
import { TaskStateBadge } from "#lifecycles/state-badge.tsx";
import { taskHasEnded } from "#lifecycles/task-states.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const HeaderFragment = graphql(`
  fragment TaskHeader on Task {
    id
    title
    state
    stateSince
    attempt
    failures
    maxFailures
    createdAt
    queue
    agent {
      id
      name
    }
    schedule {
      id
      name
    }
    workflow {
      id
      name
    }
    workflowStep
    replayOf {
      id
    }
  }
`);

interface TaskHeaderProps {
  readonly project: ProjectRoute;
  readonly task: FragmentType<typeof HeaderFragment>;
  /** What can be done with it. */
  readonly children: ReactNode;
}

/** What it is, how it stands, who has it, and where it comes from. */
export function TaskHeader({ project, task: masked, children }: TaskHeaderProps) {
  const task = readFragment(HeaderFragment, masked);
  const { agent, schedule, workflow } = task;
  const link = "font-[550] text-ink hover:text-accent";
  return (
    <header className="flex flex-wrap items-start gap-x-6 gap-y-3">
      <div className="grid min-w-0 flex-1 basis-96 gap-1">
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <h1 className="min-w-0 text-xl font-semibold tracking-tight wrap-anywhere">{task.title}</h1>
          <TaskStateBadge state={task.state} />
          <span className="text-muted">
            {taskHasEnded(task.state) ? (
              <Ago at={task.stateSince} />
            ) : (
              <>
                for <Elapsed since={task.stateSince} />
              </>
            )}
          </span>
        </div>
        <p className="flex flex-wrap items-baseline gap-x-3.5 gap-y-0.5 text-muted">
          <CopyableId id={task.id} short />
          {agent && (
            <span>
              {taskHasEnded(task.state) || task.state === "QUEUED" ? "last with " : "with "}
              <Link href={routes.agent(project, agent.id)} className={link}>
                {agent.name}
              </Link>
            </span>
          )}
          {task.attempt > 0 && <span>attempt {task.attempt}</span>}
          {task.failures > 0 && (
            <span>
              {task.failures} of {task.maxFailures} failures
            </span>
          )}
          <span>
            created <Ago at={task.createdAt} />
          </span>
          {schedule && (
            <span>
              by schedule{" "}
              <Link href={routes.schedule(project, schedule.id)} className={link}>
                {schedule.name}
              </Link>
            </span>
          )}
          {workflow && (
            <span>
              step {task.workflowStep} of{" "}
              <Link
                href={routes.workflow(project, workflow.id, { step: task.workflowStep ?? undefined })}
                className={link}
              >
                {workflow.name}
              </Link>
            </span>
          )}
          {task.replayOf && (
            <span>
              runs{" "}
              <Link href={routes.task(project, task.replayOf.id)} className={link}>
                an earlier task
              </Link>{" "}
              again
            </span>
          )}
        </p>
      </div>
      {children}
    </header>
  );
}
