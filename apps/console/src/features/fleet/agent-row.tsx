"use client";
import Link from "next/link";
import { memo } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { CopyableId } from "#components/copyable-id.tsx";
import { Elapsed } from "#components/time.tsx";
import { DefinitionCell } from "#features/fleet/definition-cell.tsx";
import { Doing } from "#features/fleet/doing.tsx";
import { AgentNowFragment, AgentRowFragment } from "#features/fleet/fleet-agent.ts";
import { FleetTaskFragment, workOf } from "#features/fleet/fleet-task.ts";
import { RowRibbon } from "#features/fleet/row-ribbon.tsx";
import type { AgentActivity } from "#features/fleet/agent-activity.ts";
import { AgentStateBadge } from "#lifecycles/state-badge.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

interface AgentRowProps {
  readonly project: ProjectRoute;
  readonly agent: FragmentType<typeof AgentRowFragment>;
  readonly activity: AgentActivity;
}

/** An agent in the table; on a narrow screen a card of its own. */
export const AgentRow = memo(function AgentRow({ project, agent: masked, activity }: AgentRowProps) {
  const row = readFragment(AgentRowFragment, masked);
  const agent = readFragment(AgentNowFragment, row);
  const read = [...row.newest.edges, ...row.held.edges].map(({ node }) => readFragment(FleetTaskFragment, node));
  const work = workOf(agent.id, [...activity.tasks, ...read]);
  return (
    <tr className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-b-0 has-[a:focus-visible]:bg-accent-soft @4xl:table-row [&>td]:min-w-0 @4xl:[&>td]:px-3 @4xl:[&>td]:py-2 @4xl:[&>td]:align-middle @4xl:[&:not(:last-child)>td]:border-b @4xl:[&>td]:border-line">
      <td className="order-2 @4xl:order-none">
        <AgentStateBadge state={agent.state} />
      </td>
      <td className="order-1 @4xl:order-none">
        <Link
          href={routes.agent(project, agent.id)}
          data-agent-link
          prefetch={false}
          className="block truncate rounded-sm font-[550] hover:underline"
          title={agent.name}
        >
          {agent.name}
        </Link>
        <CopyableId id={agent.id} short />
      </td>
      <td className="order-3 col-span-2">
        <DefinitionCell agent={row} />
      </td>
      <td className="order-4 col-span-2">
        <Doing agent={agent} arrival={activity.arrival} work={work} />
      </td>
      <td className="order-5 col-span-2">
        <RowRibbon current={agent} transitions={activity.transitions} />
      </td>
      <td className="order-6 text-muted tabular-nums @4xl:text-right">
        <span className="@4xl:hidden">Load </span>
        {agent.activeTasks}/{agent.maxConcurrency}
      </td>
      <td className="order-7 text-right whitespace-nowrap text-muted">
        <span className="@4xl:hidden">{"For "}</span>
        <Elapsed since={agent.stateSince} />
      </td>
    </tr>
  );
});
