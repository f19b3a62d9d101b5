"use client";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { numberText } from "#components/number-text.ts";
import { BlockerMessage } from "#features/tasks/blocker-message.tsx";
import { blockerLinks } from "#features/tasks/blocker-links.ts";
import { Until } from "#components/until.tsx";
import { StateIcon } from "#lifecycles/state-badge.tsx";
import { TASK_STATES } from "#lifecycles/task-states.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

/** Comes when it is asked for. */
const ResumeQueueDialog = dynamic(() =>
  import("#features/tasks/resume-queue-dialog.tsx").then((module) => module.ResumeQueueDialog),
);

const WhyFragment = graphql(`
  fragment WhyWaiting on Task {
    id
    state
    queue
    capability
    project {
      id
    }
    position
    positionIsCapped
    blockedBy {
      reason
      message
      until
      key
      capability
      agent {
        id
        name
      }
      queue {
        id
        name
        paused
      }
      task {
        id
        title
      }
    }
  }
`);

interface WhyWaitingProps {
  readonly project: ProjectRoute;
  readonly task: FragmentType<typeof WhyFragment>;
  readonly permissions: readonly string[];
}

/** Why it is not running: all that is in its way, the most decisive first, with where to go about it. */
export function WhyWaiting({ project, task: masked, permissions }: WhyWaitingProps) {
  const { state, blockedBy, position, positionIsCapped, ...task } = readFragment(WhyFragment, masked);
  const [resumed, setResumed] = useState<string | null>(null);
  const [asked, setAsked] = useState(false);
  if (state !== "WAITING" && state !== "QUEUED" && state !== "ASSIGNED") return null;
  const mayResume = permissions.includes("queue.manage");
  return (
    <Card className="px-4 py-3">
      <section aria-label="Why it is not running">
        <h2 className="flex items-center gap-2 font-[550]">
          <StateIcon look={TASK_STATES[state]} />
          {state === "ASSIGNED" ? "About to run" : "Why it is not running"}
        </h2>
        <ul className="mt-1.5 grid gap-2">
          {blockedBy.map((blocker, place) => (
            <li key={`${blocker.reason} ${blocker.task?.id ?? blocker.agent?.id ?? place}`} className="min-w-0">
              <BlockerMessage project={project} blocker={blocker} />{" "}
              {blocker.until !== null && (
                <span className="whitespace-nowrap text-muted">
                  Passes <Until at={blocker.until} />.{" "}
                </span>
              )}
              <span className="inline-flex flex-wrap items-baseline gap-x-3">
                {blockerLinks(project, blocker).map(({ name, href }) => (
                  <Link key={href} href={href} className="font-[550] whitespace-nowrap text-accent">
                    {name}
                  </Link>
                ))}
                {blocker.queue?.paused && (
                  <Button
                    disabled={!mayResume}
                    title={mayResume ? undefined : "You may not manage queues."}
                    className="py-0!"
                    onClick={() => {
                      setResumed(blocker.queue?.name ?? null);
                      setAsked(true);
                    }}
                  >
                    Resume {blocker.queue.name}
                  </Button>
                )}
              </span>
            </li>
          ))}
          {blockedBy.length === 0 && state !== "ASSIGNED" && (
            <li className="text-muted">Nothing is in its way: it is handed out as soon as its turn comes.</li>
          )}
        </ul>
        {position !== null && (
          <p className="mt-1.5 text-muted">
            {position === 1 && !positionIsCapped ? (
              "It is the first in line."
            ) : (
              <>
                {positionIsCapped ? "More than " : ""}
                <span className="tabular-nums">{numberText(positionIsCapped ? position : position - 1)}</span>{" "}
                {position === 2 ? "task goes" : "tasks go"} first in the queue{" "}
                <Link
                  href={routes.tasks(project, { queue: task.queue, state: ["QUEUED"], order: "priority" })}
                  className="font-[550] text-accent"
                >
                  {task.queue}
                </Link>
                .
              </>
            )}
          </p>
        )}
      </section>
      {resumed !== null && (
        <ResumeQueueDialog projectId={task.project.id} queue={resumed} open={asked} onClose={() => setAsked(false)} />
      )}
    </Card>
  );
}
