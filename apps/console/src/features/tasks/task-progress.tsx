"use client";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import { Elapsed } from "#components/time.tsx";
import { Until } from "#components/until.tsx";

const ProgressFragment = graphql(`
  fragment TaskProgress on Task {
    id
    state
    progress
    progressMessage
    startedAt
    timeoutAt
    cancelUntil
    cancelReason
    agent {
      id
      name
    }
  }
`);

/** How far a run is, what it does, and when it is given up. Nothing while it does not run. */
export function TaskProgress({ task: masked }: { readonly task: FragmentType<typeof ProgressFragment> }) {
  const task = readFragment(ProgressFragment, masked);
  if (task.state !== "RUNNING" && task.state !== "CANCELLING") return null;
  const percent = task.progress === null ? null : Math.round(task.progress * 100);
  const stopping = task.state === "CANCELLING";
  return (
    <Card className="grid gap-2 px-4 py-3">
      {stopping && (
        <p>
          <span className="font-[550]">{task.agent?.name ?? "Its agent"} is asked to stop</span>
          {task.cancelReason !== null && <>: “{task.cancelReason}”</>}.{" "}
          {task.cancelUntil !== null && (
            <span className="text-muted">
              Unless it does, the run is ended by force <Until at={task.cancelUntil} />.
            </span>
          )}
        </p>
      )}
      <div className="flex flex-wrap items-baseline gap-x-3">
        <span className="min-w-0 grow truncate">
          {task.progressMessage ?? (stopping ? "Stopping" : "Running; it has not said how far it is")}
        </span>
        {percent !== null && <span className="font-[550] tabular-nums">{percent} %</span>}
        <span className="text-muted">
          {task.startedAt !== null && <Elapsed since={task.startedAt} />}
          {task.timeoutAt !== null && (
            <>
              , given up <Until at={task.timeoutAt} />
            </>
          )}
        </span>
      </div>
      {percent !== null && (
        <div
          role="progressbar"
          aria-label="Progress"
          aria-valuenow={percent}
          aria-valuemin={0}
          aria-valuemax={100}
          className="h-1.5 overflow-hidden rounded-full bg-sunken"
        >
          <div
            className={`h-full origin-left rounded-full transition-transform duration-300 ${stopping ? "bg-suspended" : "bg-busy"}`}
            style={{ transform: `scaleX(${task.progress ?? 0})` }}
          />
        </div>
      )}
    </Card>
  );
}
