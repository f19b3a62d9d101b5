import type { FleetTaskFragment as FleetTask } from "#api/generated/graphql.ts";
import { Ago, Elapsed } from "#components/time.tsx";
import { TaskStateBadge } from "#lifecycles/state-badge.tsx";

/** "test 4f1c2ab", and how many others run beside it. */
export function RunningTitle({ running }: { readonly running: readonly [FleetTask, ...FleetTask[]] }) {
  const [first, ...others] = running;
  return (
    <>
      {first.title}
      {others.length > 0 && <span className="text-muted"> and {others.length} more</span>}
    </>
  );
}

/** How far it is, as far as that has been told, and for how long it has run. */
export function RunningDetail({ task }: { readonly task: FleetTask }) {
  const { progress, progressMessage, startedAt, state } = task;
  const percent = progress === null ? null : Math.round(progress * 100);
  const told = [state === "CANCELLING" && "being cancelled", percent !== null && `${percent} %`, progressMessage]
    .filter(Boolean)
    .join(", ");
  return (
    <span className="flex min-w-0 items-center gap-2">
      {percent !== null && <Progress percent={percent} />}
      {told !== "" && (
        <span className="min-w-0 truncate" title={`${told}, as it was told last`}>
          {told}
        </span>
      )}
      <span className="shrink-0">
        {startedAt === null ? (
          "about to start"
        ) : (
          <>
            for <Elapsed since={startedAt} />
          </>
        )}
      </span>
    </span>
  );
}

function Progress({ percent }: { readonly percent: number }) {
  return (
    <span aria-hidden className="h-1 w-16 shrink-0 overflow-hidden rounded-full bg-sunken">
      <span
        className="block h-full rounded-full bg-busy motion-safe:transition-[width] motion-safe:duration-300"
        style={{ width: `${percent}%` }}
      />
    </span>
  );
}

/** How it ended and when, and what came of it: its last words, or why it failed. */
export function EndedDetail({ task }: { readonly task: FleetTask }) {
  const { state, finishedAt, error, progressMessage } = task;
  const outcome = state === "SUCCEEDED" ? progressMessage : (error?.message ?? progressMessage);
  return (
    <span className="flex min-w-0 items-baseline gap-1.5" title={outcome ?? undefined}>
      <TaskStateBadge state={state} quiet />
      {finishedAt !== null && (
        <span className="shrink-0">
          <Ago at={finishedAt} />
        </span>
      )}
      {outcome !== null && <span className="min-w-0 truncate text-faint">{outcome}</span>}
    </span>
  );
}
