"use client";
import { useMemo, useState } from "react";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { columnsIn } from "#components/table/columns.ts";
import { Table } from "#components/table/table.tsx";
import { agentNow } from "#features/fleet/agent-cells.tsx";
import { FleetChanges } from "#features/fleet/fleet-changes.tsx";
import { FleetHeader } from "#features/fleet/fleet-header.tsx";
import { FleetTools } from "#features/fleet/fleet-tools.tsx";
import { type FleetAddress, toggleState } from "#features/fleet/fleet-view.ts";
import { Incomplete } from "#features/fleet/incomplete.tsx";
import { aroundHref, pastColumns } from "#features/fleet/past-columns.tsx";
import { PastBanner } from "#features/fleet/past-banner.tsx";
import type { PastRow } from "#features/fleet/past-row.ts";
import { StateCounts } from "#features/fleet/state-counts.tsx";
import { StateGrid } from "#features/fleet/state-grid.tsx";
import { TimeMachine } from "#features/fleet/time-machine.tsx";
import { TimeMarks } from "#features/fleet/time-marks.tsx";
import { rangeIn, spanOf } from "#features/fleet/time-range.ts";
import { useChangeStep } from "#features/fleet/use-change-step.ts";
import { useFleetFilter } from "#features/fleet/use-fleet-filter.ts";
import { useMoment } from "#features/fleet/use-moments.ts";
import { snapshotFilterOf, usePastFleet } from "#features/fleet/use-past-fleet.ts";
import type { ProjectRoute } from "#routes.ts";

interface PastFleetProps {
  readonly project: ProjectRoute;
  readonly address: FleetAddress;
  readonly onChange: (change: Partial<FleetAddress>) => void;
}

const NONE: readonly never[] = [];
const nameOf = ({ agent }: PastRow) => agentNow(agent).name;
const gridAgent = (row: PastRow) => ({ ...row, name: nameOf(row) });

/** The fleet as it was at a moment, or what changed between two. */
export function PastFleet({ project, address, onChange }: PastFleetProps) {
  const [at = 0, setAt] = useMoment(address.at, (moment) => onChange({ at: moment }));
  const [to, setTo] = useMoment(address.to, (moment) => onChange({ to: moment }));
  const back = () => onChange({ at: undefined, to: undefined, range: undefined });
  const { filter, problems } = useFleetFilter(address);
  const counted = useMemo(() => {
    const { states: _, ...others } = filter;
    return others;
  }, [filter]);
  const past = useMemo(() => snapshotFilterOf(filter), [filter]);
  const { data, list, error } = usePastFleet(project, new Date(at).toISOString(), past);
  const { step, busy } = useChangeStep(project, address.state);
  // The way ends where it began to be looked at: it does not move away beneath the pointer.
  const [now, setNow] = useState(() => Date.now());
  const range = rangeIn(address.range, to === undefined ? [at] : [at, to], now);
  const found = data?.project;
  const since = Math.max(time(found?.createdAt), time(found?.workspace.eventsRetainedSince));
  const span = useMemo(() => spanOf(range, now, since), [range, now, since]);
  const columns = useMemo(() => pastColumns(project), [project]);
  const shown = useMemo(() => columnsIn(columns, null), [columns]);
  const then = found?.fleetAt;
  const total = then?.counts?.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <FleetHeader project={project} total={total} address={address} onChange={onChange} />
      <PastBanner at={at} to={to} onBack={back} />
      <TimeMachine
        span={span}
        range={range}
        onRange={(next) => {
          setNow(Date.now());
          const { from } = spanOf(next, Date.now(), since);
          onChange({ range: next, ...(at < from && { at: new Date(from).toISOString() }) });
        }}
        at={at}
        onMove={setAt}
        to={to}
        onMoveTo={setTo}
        onStep={(direction) => step(at, direction)}
        stepping={busy}
        marks={<TimeMarks project={project} span={span} filter={counted} />}
      />
      {/* The banner stays at the top of the window, and the names of the columns beneath it. */}
      <div className="contents" style={{ "--table-top": "44px" } as object}>
        <QueryState data={data} error={error}>
          {() =>
            !then ? null : (
              <>
                {to === undefined && then.complete === false && <Incomplete />}
                <StateCounts
                  counts={then.counts ?? NONE}
                  chosen={address.state}
                  onToggle={(state) => onChange(toggleState(address, state))}
                />
                <FleetTools
                  address={address}
                  onChange={onChange}
                  problems={[...problems, ...(filter.capabilities ? [NO_CAPABILITIES] : NONE)]}
                  matches={to === undefined ? list : undefined}
                  offersAttention={false}
                  offersLook={to === undefined}
                />
                {to !== undefined ? (
                  <FleetChanges project={project} from={Math.min(at, to)} to={Math.max(at, to)} filter={past} />
                ) : list.total === 0 ? (
                  <Card>
                    <Empty title={total === 0 ? "There was no agent then" : "No agent matched then"}>
                      {total === 0 ? "Go to a later moment." : "Look for something else, or go to another moment."}
                    </Empty>
                  </Card>
                ) : address.look === "grid" ? (
                  <StateGrid
                    list={list}
                    agentOf={gridAgent}
                    hrefOf={(agent) => aroundHref(project, agent, then.at)}
                    moment={then.at}
                  />
                ) : (
                  <Table
                    label="Agents then"
                    columns={columns}
                    shown={shown}
                    list={list}
                    rowHeight={57}
                    cardHeight={150}
                    nameOf={nameOf}
                  />
                )}
              </>
            )
          }
        </QueryState>
      </div>
    </>
  );
}

const NO_CAPABILITIES = "Capabilities are not looked for in the past.";

function time(at: string | null | undefined): number {
  return at ? Date.parse(at) : 0;
}
