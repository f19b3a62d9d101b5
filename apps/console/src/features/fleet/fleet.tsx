"use client";
import { useSearchParams } from "next/navigation";
import { QueryState } from "#components/query-state.tsx";
import { EmptyFleet } from "#features/fleet/empty-fleet.tsx";
import { fleetFilter } from "#features/fleet/fleet-filter.ts";
import { FleetList } from "#features/fleet/fleet-list.tsx";
import { FleetTools } from "#features/fleet/fleet-tools.tsx";
import { JustNow } from "#features/fleet/just-now.tsx";
import { numberText } from "#components/number-text.ts";
import { useFleet } from "#features/fleet/use-fleet.ts";
import { useLatest } from "#components/use-latest.ts";
import type { ProjectRoute } from "#routes.ts";

/** The fleet: how many agents are in which state, what each does now, and what has just happened. */
export function Fleet({ project }: { readonly project: ProjectRoute }) {
  const filter = fleetFilter(useSearchParams());
  const read = useFleet(project, filter);
  // While another page or filter is being read, the one before stays.
  const { data, error } = useLatest(read, read.data !== undefined || read.error !== undefined);
  const found = data?.project;
  const total = found?.agentCounts.reduce((sum, { count }) => sum + count, 0);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <h1 className="text-xl font-semibold tracking-tight">Fleet</h1>
        {total !== undefined && (
          <span className="text-faint tabular-nums">{total === 1 ? "1 agent" : `${numberText(total)} agents`}</span>
        )}
      </div>
      <QueryState data={data} error={error}>
        {() =>
          !found || total === 0 ? (
            <EmptyFleet project={project} />
          ) : (
            <>
              <FleetTools project={project} filter={filter} fleet={found} />
              <FleetList project={project} filter={filter} fleet={found} />
            </>
          )
        }
      </QueryState>
      <JustNow project={project} />
    </div>
  );
}
