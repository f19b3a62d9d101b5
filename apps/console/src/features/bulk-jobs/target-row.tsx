"use client";
import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { OUTCOMES } from "#bulk/outcomes.tsx";
import { shortId } from "#components/copyable-id.tsx";
import { numberText } from "#components/number-text.ts";
import { Ago } from "#components/time.tsx";
import { AgentStateBadge, StateBadge, TaskStateBadge } from "#lifecycles/state-badge.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const TargetFragment = graphql(`
  fragment BulkJobTarget on BulkJobTarget {
    number
    outcome
    message
    at
    task {
      id
      kind
      state
    }
    agent {
      id
      name
      state
    }
    newTask {
      id
      state
    }
  }
`);

interface TargetRowProps {
  readonly project: ProjectRoute;
  readonly target: FragmentType<typeof TargetFragment>;
}

/** One target of a job: what it is, how it stands now, and what has become of it here. */
export function TargetRow({ project, target: masked }: TargetRowProps) {
  const { number, outcome, message, at, task, agent, newTask } = readFragment(TargetFragment, masked);
  return (
    <tr className="border-t border-line">
      <td className="px-4 py-2 text-right align-top text-faint tabular-nums">{numberText(number)}</td>
      <td className="px-4 py-2 align-top">
        {agent && (
          <Link href={routes.agent(project, agent.id)} prefetch={false} className="font-[550] hover:underline">
            {agent.name}
          </Link>
        )}
        {task && (
          <Link href={routes.task(project, task.id)} prefetch={false} className="font-[550] hover:underline">
            {task.kind} <span className="font-mono text-xs font-normal text-faint">{shortId(task.id)}</span>
          </Link>
        )}
        <div className="text-sm sm:hidden">
          {agent && <AgentStateBadge state={agent.state} quiet />}
          {task && <TaskStateBadge state={task.state} quiet />}
        </div>
      </td>
      <td className="hidden px-4 py-2 align-top sm:table-cell">
        {agent && <AgentStateBadge state={agent.state} quiet />}
        {task && <TaskStateBadge state={task.state} quiet />}
      </td>
      <td className="px-4 py-2 align-top">
        <StateBadge look={OUTCOMES[outcome]} quiet={outcome !== "FAILED"} />
        {message !== null && <p className={outcome === "FAILED" ? "text-danger" : "text-muted"}>{message}</p>}
        {newTask && (
          <p className="text-muted">
            runs again as{" "}
            <Link
              href={routes.task(project, newTask.id)}
              prefetch={false}
              className="font-mono text-xs text-accent hover:underline"
            >
              {shortId(newTask.id)}
            </Link>
          </p>
        )}
      </td>
      <td className="px-4 py-2 text-right align-top whitespace-nowrap text-muted">{at !== null && <Ago at={at} />}</td>
    </tr>
  );
}
