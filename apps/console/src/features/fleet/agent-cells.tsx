"use client";
import { memo } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import type { AgentState } from "#api/generated/graphql.ts";
import { Loading } from "#features/fleet/loading.tsx";
import { Doing } from "#features/fleet/doing.tsx";
import { AgentNowFragment, AgentRowFragment } from "#features/fleet/fleet-agent.ts";
import { workOf } from "#features/fleet/fleet-task.ts";
import { RowRibbon } from "#features/fleet/row-ribbon.tsx";
import type { AgentActivity } from "#features/fleet/agent-activity.ts";
import { useActivityOf } from "#features/fleet/use-fleet-activity.ts";

/** A row of the fleet. */
export type FleetRow = { readonly id: string } & FragmentType<typeof AgentRowFragment>;

/** What changes about a row's agent. */
export function agentNow(row: FleetRow) {
  return readFragment(AgentNowFragment, readFragment(AgentRowFragment, row));
}

interface CellProps {
  readonly row: FleetRow;
}

/** What an agent does now, once that has been read. */
export function DoingCell({ row }: CellProps) {
  return <DoingNow row={row} activity={useActivityOf(row.id)} />;
}

const DoingNow = memo(function DoingNow({
  row,
  activity,
}: CellProps & { readonly activity: AgentActivity | undefined }) {
  const agent = agentNow(row);
  if (!activity && !SAYS_IT_ALL.has(agent.state)) return <Loading />;
  return <Doing agent={agent} arrival={activity?.arrival} work={workOf(agent.id, activity?.tasks ?? [])} />;
});

/** In these states an agent itself says what there is to say. */
const SAYS_IT_ALL: ReadonlySet<AgentState> = new Set(["ERROR", "UNRESPONSIVE"]);

/** An agent's last minutes, once they have been read. */
export function RibbonCell({ row }: CellProps) {
  const activity = useActivityOf(row.id);
  return activity ? <RowRibbon current={agentNow(row)} transitions={activity.transitions} /> : <Loading />;
}
