"use client";
import { Button } from "#components/button.tsx";
import { Problem } from "#components/notice.tsx";
import { durationText } from "#components/time.tsx";
import { DELIVERY_STATES } from "#features/webhooks/webhook-states.tsx";
import type { TestOutcome } from "#features/webhooks/use-test.ts";
import { StateIcon } from "#lifecycles/state-badge.tsx";

interface TestResultProps {
  readonly testing: boolean;
  readonly outcome: TestOutcome | null;
  readonly onClose: () => void;
}

/** How the last test went. Read out when it is there. */
export function TestResult({ testing, outcome, onClose }: TestResultProps) {
  return (
    <div role="status" aria-label="Test" className="empty:hidden">
      {testing && (
        <p className="rounded-lg border border-line bg-surface px-4 py-2.5 text-muted">
          A signed test is on its way. An answer may take up to ten seconds.
        </p>
      )}
      {outcome?.refusal != null && <Problem title={outcome.refusal} />}
      {outcome?.tested && <Tested tested={outcome.tested} onClose={onClose} />}
    </div>
  );
}

type TestedProps = { readonly tested: NonNullable<TestOutcome["tested"]>; readonly onClose: () => void };

function Tested({ tested: { state, lastStatus, lastError, durationMs, responseExcerpt }, onClose }: TestedProps) {
  const good = state === "SUCCEEDED";
  const took = durationMs === null ? "" : ` in ${durationText(durationMs)}`;
  return (
    <div
      className={`flex items-start gap-2.5 rounded-lg border px-4 py-2.5 ${good ? "border-line bg-surface" : "border-danger/35 bg-danger-soft"}`}
    >
      <span className="pt-1">
        <StateIcon look={DELIVERY_STATES[state]} />
      </span>
      <div className="min-w-0 grow wrap-anywhere tabular-nums">
        <p className={`font-[550] ${good ? "" : "text-danger"}`}>
          {good
            ? `The test arrived: answered ${lastStatus}${took}`
            : lastStatus === null
              ? `The test failed${took}`
              : `The test was answered ${lastStatus}${took}`}
        </p>
        {!good && lastError !== null && <p className="text-muted">{lastError}</p>}
        {responseExcerpt !== null && responseExcerpt !== "" && (
          <p className="line-clamp-3 font-mono text-sm text-muted">{responseExcerpt}</p>
        )}
      </div>
      <Button look="ghost" aria-label="Close the test’s result" onClick={onClose}>
        <span aria-hidden>×</span>
      </Button>
    </div>
  );
}
