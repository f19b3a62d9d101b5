"use client";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Tag } from "#components/tag.tsx";
import { Ago } from "#components/time.tsx";
import { lastSentence } from "#features/tasks/outcome-words.ts";
import { Until } from "#components/until.tsx";

const OutcomeFragment = graphql(`
  fragment TaskOutcome on Task {
    id
    state
    attempt
    failures
    maxFailures
    runAt
    deadline
    finishedAt
    cancelReason
    error {
      kind
      message
      retryable
    }
    retryRules {
      errorKind
      retryable
      maxFailures
    }
  }
`);

/** What went wrong and what comes next: the last error, a cancellation, a deadline. Nothing when all is well. */
export function TaskOutcome({ task: masked }: { readonly task: FragmentType<typeof OutcomeFragment> }) {
  const task = readFragment(OutcomeFragment, masked);
  const { state, error } = task;
  if (state === "CANCELLED") {
    return (
      <Told>
        <p className="font-[550]">Cancelled{task.cancelReason === null ? "" : `: “${task.cancelReason}”`}</p>
      </Told>
    );
  }
  if (state === "EXPIRED") {
    return (
      <Told look="warning">
        <p className="font-[550] text-warning">It expired: its deadline passed before it was started.</p>
        {task.deadline !== null && (
          <p className="text-muted">
            The deadline was <Ago at={task.deadline} />. Run it again without one, or find out below what it waited for.
          </p>
        )}
      </Told>
    );
  }
  if (error === null || state === "SUCCEEDED" || state === "CANCELLING") return null;
  const failed = state === "FAILED";
  return (
    <Told look={failed ? "danger" : "warning"}>
      <div className="flex flex-wrap items-baseline gap-x-2.5">
        <p
          className={`min-w-0 font-[550] wrap-anywhere whitespace-pre-wrap ${failed ? "text-danger" : "text-warning"}`}
        >
          {failed ? "It failed: " : `The last attempt failed: `}
          {error.message}
        </p>
        <Tag>{error.kind}</Tag>
      </div>
      <p className="text-muted">
        {lastSentence({ ...task, error })}
        {state === "QUEUED" && Date.parse(task.runAt) > Date.now() && (
          <>
            {" "}
            The next attempt is <Until at={task.runAt} />.
          </>
        )}
      </p>
    </Told>
  );
}

const LOOKS = {
  plain: "border-line bg-surface",
  warning: "border-warning/35 bg-warning-soft",
  danger: "border-danger/35 bg-danger-soft",
} as const;

interface ToldProps {
  readonly look?: keyof typeof LOOKS;
  readonly children: React.ReactNode;
}

function Told({ look = "plain", children }: ToldProps) {
  return (
    <section aria-label="What happened" className={`grid gap-0.5 rounded-lg border px-4 py-3 ${LOOKS[look]}`}>
      {children}
    </section>
  );
}
