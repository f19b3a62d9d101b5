"use client";
import { numberText } from "#components/number-text.ts";
import { Ago } from "#components/time.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { ROLLBACK_STATES } from "#lifecycles/rollback-states.tsx";
import { useVerification } from "#features/contexts/use-verification.ts";
import { StateIcon } from "#lifecycles/state-badge.tsx";

/** Whether the chain of versions was verified, and when. A click verifies it, again too. */
export function VerificationBadge({ current }: { readonly current: number }) {
  const { context } = useContextView();
  const { verification, verify } = useVerification(context);
  const good = verification.state === "done" && verification.found.ok;
  const bad = verification.state === "done" && !verification.found.ok;
  return (
    <button
      type="button"
      disabled={verification.state === "working"}
      onClick={verify}
      title={
        good
          ? `${numberText(verification.found.readable)} versions have the data that was written, of ${numberText(verification.found.pruned)} the data was removed; ${numberText(verification.found.eventsCompared)} events say the same. Click to verify again.`
          : "Looks at every version: its record, its place in the chain of hashes, its data, and the event that was written with it."
      }
      className={`inline-flex items-center gap-1.5 rounded-full border px-2.5 py-0.5 whitespace-nowrap ${bad ? "border-danger/50 bg-danger-soft text-danger" : "border-line-strong bg-surface text-muted hover:text-ink"}`}
    >
      {good && <StateIcon look={ROLLBACK_STATES.SUCCEEDED} />}
      {bad && <StateIcon look={ROLLBACK_STATES.FAILED} />}
      <span aria-live="polite">
        {verification.state === "unknown" && "Verify chain"}
        {verification.state === "working" && "Verifying…"}
        {verification.state === "failed" && "Verify again"}
        {bad && "Chain is broken"}
        {good && (
          <>
            Chain verified
            {verification.found.versions < current && ` up to ${numberText(verification.found.versions)}`},{" "}
            <Ago at={verification.at} />
          </>
        )}
      </span>
    </button>
  );
}
