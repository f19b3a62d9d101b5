import type { ReactNode } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { CopyableId } from "#components/copyable-id.tsx";
import { Ago } from "#components/time.tsx";
import { Until } from "#components/until.tsx";
import { cronWords } from "#features/schedules/cron-words.ts";
import { FactsFragment } from "#features/schedules/schedule-facts.ts";
import { ScheduleMark } from "#features/schedules/schedule-mark.tsx";

interface ScheduleHeaderProps {
  readonly schedule: FragmentType<typeof FactsFragment>;
  /** What can be done with it. */
  readonly children: ReactNode;
}

/** What it is, when it runs, and whether it does. */
export function ScheduleHeader({ schedule: masked, children }: ScheduleHeaderProps) {
  const schedule = readFragment(FactsFragment, masked);
  const { id, name, cron, timeZone, paused, pauseReason, nextRunAt, deletedAt } = schedule;
  return (
    <header className="flex flex-wrap items-start gap-x-6 gap-y-3">
      <div className="grid min-w-0 flex-1 basis-80 gap-1">
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <h1 className="min-w-0 text-xl font-semibold tracking-tight wrap-anywhere">{name}</h1>
          {deletedAt !== null ? (
            <span className="font-[550]">
              Deleted <Ago at={deletedAt} />
            </span>
          ) : (
            <ScheduleMark paused={paused} reason={pauseReason}>
              {nextRunAt !== null && (
                <span className="text-muted">
                  runs <Until at={nextRunAt} />
                </span>
              )}
            </ScheduleMark>
          )}
        </div>
        <p className="flex flex-wrap items-baseline gap-x-3 text-muted">
          <span className="first-letter:uppercase">
            {cronWords(cron) ?? <code className="font-mono text-sm">{cron}</code>}, {timeZone}
          </span>
          <CopyableId id={id} short />
        </p>
      </div>
      {children}
    </header>
  );
}
