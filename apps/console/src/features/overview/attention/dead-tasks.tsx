"use client";
import Link from "next/link";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { BulkDialog, type BulkRequest } from "#bulk/bulk-dialog.tsx";
import { Button } from "#components/button.tsx";
import { Ago } from "#components/time.tsx";
import { numberText } from "#components/number-text.ts";
import { AttentionRow } from "#features/overview/attention/attention-row.tsx";
import { Way } from "#features/overview/attention/way.tsx";
import { TASK_STATES } from "#lifecycles/task-states.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const DeadFragment = graphql(`
  fragment DeadTask on Task {
    id
    kind
    finishedAt
    error {
      kind
      message
    }
  }
`);

interface DeadTasksProps {
  readonly project: ProjectRoute;
  readonly projectId: string;
  /** The newest of them. */
  readonly tasks: readonly FragmentType<typeof DeadFragment>[];
  readonly total: number;
  readonly totalIsCapped: boolean;
  readonly mayRetry: boolean;
  /** Those created later than this are meant. */
  readonly since: string;
}

/** Tasks that have failed for good and that nobody has run again. */
export function DeadTasks({
  project,
  projectId,
  tasks: masked,
  total,
  totalIsCapped,
  mayRetry,
  since,
}: DeadTasksProps) {
  const [request, setRequest] = useState<BulkRequest | null>(null);
  const tasks = masked.map((task) => readFragment(DeadFragment, task));
  const count = `${numberText(total)}${totalIsCapped ? "+" : ""}`;
  const retry = () =>
    setRequest({
      what: "tasks",
      action: "RETRY",
      filter: { states: ["FAILED"], replayed: false, createdAfter: since },
    });
  return (
    <AttentionRow
      look={TASK_STATES.FAILED}
      title={`${count} ${total === 1 ? "task has" : "tasks have"} failed and ${total === 1 ? "was" : "were"} not run again`}
      action={
        <>
          <Button
            disabled={!mayRetry}
            title={mayRetry ? undefined : "This needs the permission task.retry."}
            onClick={retry}
          >
            Run again…
          </Button>
          <Way href={routes.tasks(project, { state: ["FAILED"] })} what="failed tasks">
            Show
          </Way>
          <BulkDialog project={project} projectId={projectId} request={request} onClose={() => setRequest(null)} />
        </>
      }
    >
      <ul>
        {tasks.map(({ id, kind, error, finishedAt }) => (
          <li key={id} className="line-clamp-1">
            <Link href={routes.task(project, id)} prefetch={false} className="text-ink underline underline-offset-2">
              {kind}
            </Link>{" "}
            {finishedAt !== null && (
              <span className="text-faint">
                <Ago at={finishedAt} />
              </span>
            )}
            {error && <span title={error.message}> {error.message}</span>}
          </li>
        ))}
      </ul>
    </AttentionRow>
  );
}
