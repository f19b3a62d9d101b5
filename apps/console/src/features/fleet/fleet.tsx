"use client";
import { useSearchParams } from "next/navigation";
import dynamic from "next/dynamic";
import { useMemo } from "react";
import { type FleetAddress, fleetAddress, viewOf } from "#features/fleet/fleet-view.ts";
import { PresentFleet } from "#features/fleet/present-fleet.tsx";
import { type ProjectRoute, routes } from "#routes.ts";
import { searchNow } from "#search-now.ts";

const PastFleet = dynamic(() => import("#features/fleet/past-fleet.tsx").then((loaded) => loaded.PastFleet), {
  ssr: false,
});

/** The fleet: how many agents are in which state, what each does; now, or at a moment in the past. */
export function Fleet({ project }: { readonly project: ProjectRoute }) {
  const parameters = useSearchParams();
  const address = useMemo(() => fleetAddress(parameters), [parameters]);
  const onChange = (change: Partial<FleetAddress>) => {
    const newest = fleetAddress(searchNow());
    window.history.replaceState(null, "", routes.fleet(project, viewOf({ ...newest, ...change })));
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {address.at === undefined ? (
        <PresentFleet project={project} address={address} onChange={onChange} />
      ) : (
        <PastFleet project={project} address={address} onChange={onChange} />
      )}
    </div>
  );
}
