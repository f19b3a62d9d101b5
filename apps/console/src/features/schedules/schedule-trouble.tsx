import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { Ago } from "#components/time.tsx";
import { failedInARow } from "#features/schedules/failed-runs.ts";
import { FactsFragment } from "#features/schedules/schedule-facts.ts";
import { TaskFragment } from "#features/schedules/schedule-task.tsx";

interface ScheduleTroubleProps {
  readonly schedule: FragmentType<typeof FactsFragment>;
  /** Its latest runs, the newest first; none when others are shown. */
  readonly runs: readonly FragmentType<typeof TaskFragment>[];
}

/** What is wrong with it: that it is paused, creates no tasks, or that its tasks fail, each with the next step. */
export function ScheduleTrouble({ schedule: masked, runs }: ScheduleTroubleProps) {
  const { paused, pausedAt, pauseReason, lastError, lastRunAt, deletedAt } = readFragment(FactsFragment, masked);
  if (deletedAt !== null) return null;
  const failed = failedInARow(runs.map((run) => readFragment(TaskFragment, run)));
  const danger = "rounded-lg border border-danger/35 bg-danger-soft px-4 py-3";
  return (
    <>
      {paused && pauseReason !== null && (
        <p className="rounded-lg border border-warning/35 bg-warning-soft px-4 py-3 text-warning wrap-anywhere">
          Paused {pausedAt !== null && <Ago at={pausedAt} />}: “{pauseReason}”. It creates no tasks until somebody
          resumes it.
        </p>
      )}
      {lastError !== null && (
        <section aria-label="What went wrong" className={danger}>
          <p className="font-[550] wrap-anywhere text-danger">
            At its last time{lastRunAt !== null && <>, {<Ago at={lastRunAt} />},</>} it could not create a task:{" "}
            {lastError}
          </p>
          <p className="text-muted">Edit the schedule, or put right what it names; it tries again at its next time.</p>
        </section>
      )}
      {failed.count > 1 && lastError === null && (
        <section aria-label="What went wrong" className={danger}>
          <p className="font-[550] wrap-anywhere text-danger">
            Its last {failed.count} runs failed{failed.message === null ? "." : `, the latest with: ${failed.message}`}
          </p>
          <p className="text-muted">Open a run to see what happened, or pause the schedule until that is put right.</p>
        </section>
      )}
    </>
  );
}
