import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Ago } from "#components/time.tsx";
import { Until } from "#components/until.tsx";
import { cronWords } from "#features/schedules/cron-words.ts";
import { ScheduleMark } from "#features/schedules/schedule-mark.tsx";
import { zoneTime } from "#features/schedules/zone-time.ts";
import { TaskStateBadge } from "#lifecycles/state-badge.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const RowFragment = graphql(`
  fragment ScheduleRow on Schedule {
    id
    name
    cron
    timeZone
    paused
    pauseReason
    nextRunAt
    lastRunAt
    lastError
    tasks(first: 1) {
      edges {
        node {
          id
          state
          createdAt
        }
      }
    }
  }
`);

interface ScheduleRowProps {
  readonly project: ProjectRoute;
  readonly schedule: FragmentType<typeof RowFragment>;
}

/** One schedule: when it runs, when next, and how the last run went. */
export function ScheduleRow({ project, schedule: masked }: ScheduleRowProps) {
  const { id, name, cron, timeZone, paused, pauseReason, nextRunAt, lastRunAt, lastError, tasks } = readFragment(
    RowFragment,
    masked,
  );
  const last = tasks.edges[0]?.node;
  const words = cronWords(cron);
  return (
    <tr className="border-t border-line has-[a:focus-visible]:bg-accent-soft hover:bg-sunken/50">
      <td className="max-w-0 min-w-32 px-4 py-2.5 sm:w-[24%]">
        <Link
          href={routes.schedule(project, id)}
          prefetch={false}
          data-row-link
          className="block truncate font-[550] hover:text-accent hover:underline"
        >
          {name}
        </Link>
        <div className="truncate text-sm text-faint sm:hidden">{words ?? cron}</div>
      </td>
      <td className="hidden max-w-0 px-4 py-2.5 sm:table-cell">
        <div title={words ?? cron} className="truncate first-letter:uppercase">
          {words ?? <code className="font-mono text-sm">{cron}</code>}
        </div>
        <div className="truncate text-sm text-faint">
          {words !== null && <code className="font-mono text-xs">{cron}</code>} {timeZone}
        </div>
      </td>
      <td className="w-40 px-4 py-2.5 whitespace-nowrap max-sm:w-28 max-sm:px-2">
        <ScheduleMark paused={paused} reason={pauseReason}>
          {nextRunAt !== null && <Until at={nextRunAt} />}
        </ScheduleMark>
        {nextRunAt !== null && (
          <div className="hidden text-sm text-faint sm:block">{zoneTime(nextRunAt, timeZone)}</div>
        )}
        {paused && pauseReason !== null && (
          <div title={pauseReason} className="max-w-36 truncate text-sm text-faint">
            {pauseReason}
          </div>
        )}
      </td>
      <td className="w-44 max-w-44 px-4 py-2.5 max-sm:w-28 max-sm:px-2">
        {lastError !== null ? (
          <>
            <span className="font-[550] text-danger">No task</span>
            <div title={lastError} className="truncate text-sm text-faint">
              {lastError}
            </div>
          </>
        ) : last ? (
          <>
            <Link href={routes.task(project, last.id)} prefetch={false} className="hover:underline">
              <TaskStateBadge state={last.state} />
            </Link>
            <div className="text-sm text-faint">
              <Ago at={lastRunAt !== null && lastRunAt > last.createdAt ? lastRunAt : last.createdAt} />
            </div>
          </>
        ) : (
          <span className="text-faint">none yet</span>
        )}
      </td>
    </tr>
  );
}
