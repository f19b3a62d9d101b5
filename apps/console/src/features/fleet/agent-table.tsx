"use client";
import { type ReactNode, useRef } from "react";
import type { FragmentType } from "#api/generated/fragment-masking.ts";
import { Card } from "#components/card.tsx";
import { AgentRow } from "#features/fleet/agent-row.tsx";
import type { AgentRowFragment } from "#features/fleet/fleet-agent.ts";
import { NO_ACTIVITY } from "#features/fleet/agent-activity.ts";
import { useFleetActivity } from "#features/fleet/use-fleet-activity.ts";
import { useRowKeys } from "#features/fleet/use-row-keys.ts";
import type { ProjectRoute } from "#routes.ts";

type Row = { readonly id: string } & FragmentType<typeof AgentRowFragment>;

interface AgentTableProps {
  readonly project: ProjectRoute;
  /** Shown first, under a heading of their own. */
  readonly attention: readonly Row[];
  readonly agents: readonly Row[];
  /** Beside the heading of those that come first. */
  readonly attentionNote: ReactNode;
}

const COLUMNS = [
  ["State", "w-36 text-left"],
  ["Agent", "w-[14%] text-left"],
  ["Definition", "w-[21%] text-left"],
  ["Doing", "text-left"],
  ["Last 15 minutes", "w-[18%] text-left"],
  ["Load", "w-16 text-right"],
  ["For", "w-22 text-right"],
] as const;

/** The fleet's agents. The keys j and k go from row to row, Enter opens one. */
export function AgentTable({ project, attention, attentionNote, agents }: AgentTableProps) {
  const activity = useFleetActivity(
    project,
    [...attention, ...agents].map(({ id }) => id),
  );
  const table = useRef<HTMLTableElement>(null);
  useRowKeys(table);
  const rows = (some: readonly Row[]) =>
    some.map((agent) => (
      <AgentRow key={agent.id} project={project} agent={agent} activity={activity.get(agent.id) ?? NO_ACTIVITY} />
    ));
  return (
    <Card className="@container overflow-hidden">
      <table ref={table} className="block w-full border-collapse @4xl:table @4xl:table-fixed">
        <thead className="sr-only @4xl:not-sr-only @4xl:table-header-group">
          <tr>
            {COLUMNS.map(([name, look]) => (
              <th
                key={name}
                scope="col"
                className={`border-b border-line px-3 py-2 text-sm font-medium text-faint ${look}`}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        {attention.length > 0 && (
          <>
            <GroupHeading>Needs attention{attentionNote}</GroupHeading>
            <tbody className="block border-b border-line @4xl:table-row-group">{rows(attention)}</tbody>
            {agents.length > 0 && <GroupHeading>All others</GroupHeading>}
          </>
        )}
        <tbody className="block @4xl:table-row-group">{rows(agents)}</tbody>
      </table>
    </Card>
  );
}

function GroupHeading({ children }: { readonly children: ReactNode }) {
  return (
    <tbody className="block @4xl:table-row-group">
      <tr className="block @4xl:table-row">
        <th
          scope="colgroup"
          colSpan={COLUMNS.length}
          className="block border-b border-line bg-sunken px-4 py-1 text-left text-sm font-medium text-muted @4xl:table-cell @4xl:px-3"
        >
          {children}
        </th>
      </tr>
    </tbody>
  );
}
