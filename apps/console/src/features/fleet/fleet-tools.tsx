"use client";
import type { FleetQuery } from "#api/generated/graphql.ts";
import { Button } from "#components/button.tsx";
import { type FleetFilter, narrows, toggleState } from "#features/fleet/fleet-filter.ts";
import { numberText } from "#components/number-text.ts";
import { SearchBox } from "#components/search-box.tsx";
import { StateCounts } from "#features/fleet/state-counts.tsx";
import { type FleetView, type ProjectRoute, routes } from "#routes.ts";

interface FleetToolsProps {
  readonly project: ProjectRoute;
  readonly filter: FleetFilter;
  readonly fleet: NonNullable<FleetQuery["project"]>;
}

/** The states of the whole fleet, and what narrows the list to some of it. All of it stands in the address. */
export function FleetTools({ project, filter, fleet }: FleetToolsProps) {
  const go = (view: FleetView) => window.history.replaceState(null, "", routes.fleet(project, view));
  const { totalCount, totalIsCapped } = fleet.agents;
  return (
    <>
      <StateCounts
        counts={fleet.agentCounts}
        chosen={filter.state}
        onToggle={(state) => go(toggleState(filter, state))}
      />
      <div className="flex flex-wrap items-center gap-3">
        <SearchBox
          label="Search agents"
          placeholder="Name or id"
          value={filter.search}
          onSearch={(search) => go({ state: filter.state, search })}
        />
        {narrows(filter) && (
          <>
            <span role="status" className="text-muted tabular-nums">
              {totalIsCapped && "more than "}
              {totalCount === 1 ? "1 agent matches" : `${numberText(totalCount)} agents match`}
            </span>
            <Button look="ghost" onClick={() => go({})}>
              Show all
            </Button>
          </>
        )}
      </div>
    </>
  );
}
