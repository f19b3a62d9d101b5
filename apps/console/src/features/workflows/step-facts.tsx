import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { CopyableId } from "#components/copyable-id.tsx";
import { Ago } from "#components/time.tsx";
import { jsonExcerpt } from "#features/workflows/json-excerpt.ts";
import { Blockers } from "#lifecycles/blockers.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const FactsFragment = graphql(`
  fragment StepTask on Task {
    id
    kind
    state
    queue
    attempt
    failures
    maxFailures
    runAt
    progress
    progressMessage
    cancelReason
    input
    output
    resultExpiredAt
    error {
      kind
      message
      retryable
    }
    agent {
      id
      name
    }
    ...Blockers
  }
`);

interface StepFactsProps {
  readonly project: ProjectRoute;
  readonly task: FragmentType<typeof FactsFragment>;
}

/** What there is to know of a step's task without leaving its workflow. */
export function StepFacts({ project, task: masked }: StepFactsProps) {
  const task = readFragment(FactsFragment, masked);
  const { id, state, agent, attempt, failures, maxFailures, queue, error, progress, progressMessage } = task;
  const waits = state === "QUEUED" || state === "WAITING" || state === "ASSIGNED";
  return (
    <>
      {error && state !== "SUCCEEDED" && (
        <div className="rounded-md border border-danger/35 bg-danger-soft px-3 py-2">
          <p className="font-[550] wrap-anywhere text-danger">{error.message}</p>
          <p className="text-sm text-muted">
            {error.kind}; {failures} of {maxFailures} failures{error.retryable ? "" : ", not to be retried"}
          </p>
        </div>
      )}
      {task.cancelReason !== null && (state === "CANCELLED" || state === "CANCELLING") && (
        <p className="wrap-anywhere text-muted">
          Cancelled: <span className="text-ink">“{task.cancelReason}”</span>
        </p>
      )}
      {waits && (
        <section>
          <h3 className="mb-1 text-sm font-medium text-faint">Why it is not running</h3>
          <Blockers project={project} task={task} />
        </section>
      )}
      {state === "RUNNING" && progress !== null && (
        <div>
          <div
            role="progressbar"
            aria-label="Progress"
            aria-valuenow={Math.round(progress * 100)}
            aria-valuemin={0}
            aria-valuemax={100}
            className="h-1.5 overflow-hidden rounded-full bg-sunken"
          >
            <span className="block h-full bg-busy" style={{ width: `${progress * 100}%` }} />
          </div>
          {progressMessage !== null && <p className="mt-1 text-sm text-muted">{progressMessage}</p>}
        </div>
      )}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 [&>dt]:text-faint">
        <dt>Task</dt>
        <dd className="min-w-0 truncate">
          <CopyableId id={id} short />
        </dd>
        <dt>Agent</dt>
        <dd className="min-w-0 truncate">
          {agent ? (
            <Link
              href={routes.agent(project, agent.id)}
              prefetch={false}
              className="text-accent underline underline-offset-2"
            >
              {agent.name}
            </Link>
          ) : (
            <span className="text-faint">none yet</span>
          )}
        </dd>
        <dt>Attempt</dt>
        <dd className="tabular-nums">{attempt === 0 ? "none yet" : attempt}</dd>
        <dt>Queue</dt>
        <dd className="min-w-0 truncate">
          <Link
            href={routes.queues(project, { queue })}
            prefetch={false}
            className="text-accent underline underline-offset-2"
          >
            {queue}
          </Link>
        </dd>
      </dl>
      <Excerpt title="Input" value={task.input} />
      {state === "SUCCEEDED" &&
        (task.resultExpiredAt === null ? (
          <Excerpt title="Output" value={task.output} />
        ) : (
          <p className="text-muted">
            Its output was removed <Ago at={task.resultExpiredAt} />, as its retention says.
          </p>
        ))}
    </>
  );
}

function Excerpt({ title, value }: { readonly title: string; readonly value: unknown }) {
  const { text, cut } = jsonExcerpt(value);
  return (
    <section>
      <h3 className="text-sm font-medium text-faint">{title}</h3>
      {/* Scrolled by keys too. */}
      <pre
        tabIndex={0}
        aria-label={title}
        className="mt-1 max-h-44 overflow-auto rounded-md bg-sunken px-2.5 py-1.5 font-mono text-xs whitespace-pre-wrap wrap-anywhere"
      >
        {text}
      </pre>
      {cut && <p className="mt-0.5 text-sm text-faint">Only its beginning. The task’s page has all of it.</p>}
    </section>
  );
}
