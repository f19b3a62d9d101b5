"use client";
import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { numberText } from "#components/number-text.ts";
import { Ago } from "#components/time.tsx";
import { AttentionRow } from "#features/overview/attention/attention-row.tsx";
import { Way } from "#features/overview/attention/way.tsx";
import { Blockers } from "#lifecycles/blockers.tsx";
import { TASK_STATES } from "#lifecycles/task-states.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const LateFragment = graphql(`
  fragment LateTask on Task {
    id
    kind
    queue
    runAt
    ...Blockers
  }
`);

interface LateTasksProps {
  readonly project: ProjectRoute;
  readonly oldest: FragmentType<typeof LateFragment>;
  readonly total: number;
  readonly totalIsCapped: boolean;
}

/** Tasks that could have run for a while and were not handed out, with why the oldest was not. */
export function LateTasks({ project, oldest: masked, total, totalIsCapped }: LateTasksProps) {
  const oldest = readFragment(LateFragment, masked);
  return (
    <AttentionRow
      look={{ ...TASK_STATES.QUEUED, colour: "var(--color-maintenance)" }}
      title={total === 1 ? "1 task is late" : `${numberText(total)}${totalIsCapped ? "+" : ""} tasks are late`}
      action={
        <Way href={routes.tasks(project, { state: ["QUEUED"], order: "run" })} what="waiting tasks">
          Show
        </Way>
      }
    >
      <p>
        {total === 1 ? "It" : "The oldest"},{" "}
        <Link href={routes.task(project, oldest.id)} prefetch={false} className="text-ink underline underline-offset-2">
          {oldest.kind}
        </Link>{" "}
        in queue {oldest.queue}, could have run <Ago at={oldest.runAt} />:
      </p>
      <Blockers project={project} task={oldest} />
    </AttentionRow>
  );
}
