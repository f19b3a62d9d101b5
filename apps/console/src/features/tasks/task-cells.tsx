"use client";
import Link from "next/link";
import { useEffect, useState } from "react";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Tag } from "#components/tag.tsx";
import { Elapsed } from "#components/time.tsx";
import { spentText } from "#events/spent-text.ts";
import { type TaskRow, TaskRowFragment } from "#features/tasks/task-row-fragment.ts";
import { Until } from "#components/until.tsx";
import { useNow } from "#live/now.ts";
import { useWatched } from "#live/use-watched.ts";
import { type ProjectRoute, routes } from "#routes.ts";

const ProgressWatched = graphql(`
  subscription TaskRowWatched($id: ID!) {
    task(id: $id) {
      id
      progress
      progressMessage
    }
  }
`);

const STAYS_MS = 400;

/** Who has it, had it last, or is the only one to get it. */
export function AgentCell({ project, row }: { readonly project: ProjectRoute; readonly row: TaskRow }) {
  const { agent, targetAgent } = readFragment(TaskRowFragment, row);
  const shown = agent ?? targetAgent;
  if (!shown) return <span className="text-faint @max-4xl:hidden">—</span>;
  return (
    <Link
      href={routes.agent(project, shown.id)}
      prefetch={false}
      className={`block truncate hover:underline ${agent ? "" : "text-muted"}`}
      title={agent ? shown.name : `Only for ${shown.name}`}
    >
      {shown.name}
    </Link>
  );
}

/** What it does, or how it ended: progress, the error, the time for which it waits. */
export function DoingCell({ row }: { readonly row: TaskRow }) {
  const task = readFragment(TaskRowFragment, row);
  const now = useNow();
  if (task.state === "RUNNING" || task.state === "CANCELLING") return <Progress row={row} />;
  if (task.state === "CANCELLED") return <Quiet>{task.cancelReason ?? ""}</Quiet>;
  if (task.state === "EXPIRED") return <Quiet>Not started before its deadline</Quiet>;
  if (task.error && task.state !== "SUCCEEDED") {
    return (
      <span className="flex min-w-0 items-baseline gap-2" title={task.error.message}>
        <Tag>{task.error.kind}</Tag>
        <span className="truncate text-muted">
          {task.state === "QUEUED" && Date.parse(task.runAt) > now ? (
            <>
              again <Until at={task.runAt} />
            </>
          ) : (
            task.error.message
          )}
        </span>
      </span>
    );
  }
  if (task.state === "WAITING") return <Quiet>for other tasks</Quiet>;
  if (task.state === "QUEUED" && Date.parse(task.runAt) > now) {
    return (
      <Quiet>
        due <Until at={task.runAt} />
      </Quiet>
    );
  }
  return null;
}

function Progress({ row }: { readonly row: TaskRow }) {
  const { progress, progressMessage } = readFragment(TaskRowFragment, row);
  // Rows that are only scrolled past are not followed.
  const [stays, setStays] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setStays(true), STAYS_MS);
    return () => clearTimeout(timer);
  }, []);
  useWatched(ProgressWatched, { id: row.id }, { pause: !stays });
  const percent = progress === null ? null : Math.round(progress * 100);
  return (
    <span className="grid gap-1" title={progressMessage ?? undefined}>
      <span className="flex min-w-0 gap-2">
        <span className="min-w-0 grow truncate text-muted">{progressMessage ?? "Running"}</span>
        {percent !== null && <span className="whitespace-nowrap text-faint tabular-nums">{percent} %</span>}
      </span>
      {progress !== null && (
        <span aria-hidden className="h-1 overflow-hidden rounded-full bg-sunken">
          <span
            className="block h-full origin-left rounded-full bg-busy transition-transform duration-300"
            style={{ transform: `scaleX(${progress})` }}
          />
        </span>
      )}
    </span>
  );
}

function Quiet({ children }: { readonly children: React.ReactNode }) {
  return <span className="block truncate text-muted">{children}</span>;
}

/** How long its last attempt ran, or has been running. */
export function DurationCell({ row }: { readonly row: TaskRow }) {
  const { startedAt, finishedAt, state } = readFragment(TaskRowFragment, row);
  if (startedAt === null) return <span className="text-faint">—</span>;
  if (finishedAt !== null) return spentText(Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)));
  return state === "QUEUED" ? <span className="text-faint">—</span> : <Elapsed since={startedAt} />;
}

export function AttemptsCell({ row }: { readonly row: TaskRow }) {
  const { attempt, failures, maxFailures } = readFragment(TaskRowFragment, row);
  return (
    <span title={`${failures} of ${maxFailures} failures`}>
      {attempt}
      {failures > 0 && <span className="block text-sm text-faint">{failures} failed</span>}
    </span>
  );
}
