import { durationText, Elapsed } from "#components/time.tsx";
import type { LiveStep } from "#features/workflows/live-steps.ts";

/** How long it runs or ran; since when it waits for an agent; nothing while its turn has not come. */
export function StepTime({ step }: { readonly step: LiveStep }) {
  const { state, stateSince, startedAt, finishedAt } = step;
  if (state === "RUNNING" || state === "CANCELLING") return <Elapsed since={startedAt ?? stateSince} />;
  if (startedAt !== null && finishedAt !== null) {
    return <span className="tabular-nums">{durationText(Date.parse(finishedAt) - Date.parse(startedAt))}</span>;
  }
  if (state === "QUEUED" || state === "ASSIGNED") return <Elapsed since={stateSince} />;
  return null;
}
