import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { CopyableId } from "#components/copyable-id.tsx";
import { numberText } from "#components/number-text.ts";
import { Ago, durationText, Elapsed } from "#components/time.tsx";
import { StateBar } from "#features/workflows/state-bar.tsx";
import { endedOf } from "#features/workflows/state-shares.ts";
import { StateBadge } from "#lifecycles/state-badge.tsx";
import { WORKFLOW_STATES } from "#lifecycles/workflow-states.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const RowFragment = graphql(`
  fragment WorkflowRow on Workflow {
    id
    name
    state
    createdAt
    finishedAt
    cancelReason
    taskCount
    taskCounts {
      state
      count
    }
    creator {
      kind
      name
    }
  }
`);

interface WorkflowRowProps {
  readonly project: ProjectRoute;
  readonly workflow: FragmentType<typeof RowFragment>;
}

/** One workflow: how it stands, how far it is, since when. */
export function WorkflowRow({ project, workflow: masked }: WorkflowRowProps) {
  const workflow = readFragment(RowFragment, masked);
  const { id, name, state, createdAt, finishedAt, cancelReason, taskCount, taskCounts, creator } = workflow;
  const ended = endedOf(taskCounts);
  return (
    <tr className="border-t border-line has-[a:focus-visible]:bg-accent-soft hover:bg-sunken/50">
      <td className="w-32 px-4 py-2.5 max-sm:pr-2">
        <StateBadge look={WORKFLOW_STATES[state]} />
        {state === "RUNNING" && cancelReason !== null && (
          <div title={cancelReason} className="truncate text-sm text-warning">
            being cancelled
          </div>
        )}
      </td>
      <td className="max-w-0 min-w-32 px-4 py-2.5 max-sm:px-2">
        <Link
          href={routes.workflow(project, id)}
          prefetch={false}
          data-row-link
          className="block truncate font-[550] hover:text-accent hover:underline"
        >
          {name}
        </Link>
        <CopyableId id={id} short />
      </td>
      <td className="w-[28%] min-w-28 px-4 py-2.5 max-sm:px-2">
        <div className="flex items-center gap-3">
          <StateBar counts={taskCounts} className="min-w-10 grow" />
          <span className="text-right whitespace-nowrap text-muted tabular-nums sm:w-24">
            {numberText(ended)} of {numberText(taskCount)}
          </span>
        </div>
      </td>
      <td className="hidden w-36 truncate px-4 py-2.5 text-muted lg:table-cell">{creator.name}</td>
      <td className="hidden w-28 px-4 py-2.5 text-right whitespace-nowrap text-muted tabular-nums md:table-cell">
        {finishedAt === null ? (
          <Elapsed since={createdAt} />
        ) : (
          durationText(Date.parse(finishedAt) - Date.parse(createdAt))
        )}
      </td>
      <td className="hidden w-32 px-4 py-2.5 text-right whitespace-nowrap text-muted sm:table-cell">
        <Ago at={createdAt} />
      </td>
    </tr>
  );
}
