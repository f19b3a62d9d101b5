import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Ago, durationText, Elapsed, exactText } from "#components/time.tsx";
import { zoneTime } from "#features/schedules/zone-time.ts";
import { TaskStateBadge } from "#lifecycles/state-badge.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

export const TaskFragment = graphql(`
  fragment ScheduleTask on Task {
    id
    state
    runAt
    createdAt
    startedAt
    finishedAt
    error {
      kind
      message
      retryable
    }
    agent {
      id
      name
    }
  }
`);

interface ScheduleTaskProps {
  readonly project: ProjectRoute;
  readonly timeZone: string;
  readonly task: FragmentType<typeof TaskFragment>;
}

/** A run of a schedule: for which time, how it went, who did it and how long it took. */
export function ScheduleTask({ project, timeZone, task: masked }: ScheduleTaskProps) {
  const { id, state, runAt, createdAt, startedAt, finishedAt, error, agent } = readFragment(TaskFragment, masked);
  return (
    <tr className="border-t border-line has-[a:focus-visible]:bg-accent-soft hover:bg-sunken/50">
      <td className="w-40 px-4 py-2 whitespace-nowrap">
        <Link
          href={routes.task(project, id)}
          prefetch={false}
          data-row-link
          title={`For ${exactText(runAt)}`}
          className="font-[550] tabular-nums hover:text-accent hover:underline"
        >
          {zoneTime(runAt, timeZone)}
        </Link>
      </td>
      <td className="max-w-0 px-4 py-2">
        <div className="flex min-w-0 items-baseline gap-2">
          <TaskStateBadge state={state} />
          {error && state !== "SUCCEEDED" && (
            <span title={error.message} className="truncate text-muted">
              {error.message}
            </span>
          )}
        </div>
      </td>
      <td className="hidden w-36 max-w-36 truncate px-4 py-2 text-muted md:table-cell">{agent?.name}</td>
      <td className="hidden w-24 px-4 py-2 text-right text-muted tabular-nums sm:table-cell">
        {startedAt !== null &&
          (finishedAt === null ? (
            <Elapsed since={startedAt} />
          ) : (
            durationText(Date.parse(finishedAt) - Date.parse(startedAt))
          ))}
      </td>
      <td className="hidden w-28 px-4 py-2 text-right whitespace-nowrap text-muted sm:table-cell">
        <Ago at={createdAt} />
      </td>
    </tr>
  );
}
