"use client";
import Link from "next/link";
import { usePermissions } from "#api/use-permissions.ts";
import { Button, buttonClass } from "#components/button.tsx";
import { numberText } from "#components/number-text.ts";
import type { FleetAddress } from "#features/fleet/fleet-view.ts";
import { TravelMenu } from "#features/fleet/travel-menu.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

interface FleetHeaderProps {
  readonly project: ProjectRoute;
  /** How many agents there are; undefined while that is not known. */
  readonly total: number | undefined;
  readonly address: FleetAddress;
  readonly onChange: (change: Partial<FleetAddress>) => void;
}

/** The page's name, how many agents there are, and the ways from here: to the past, and to a new agent. */
export function FleetHeader({ project, total, address, onChange }: FleetHeaderProps) {
  const mayRegister = usePermissions(project)?.includes("agent.register") ?? true;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <h1 className="text-xl font-semibold tracking-tight">Fleet</h1>
      {total !== undefined && (
        <span className="pt-1 text-faint tabular-nums">{total === 1 ? "1 agent" : `${numberText(total)} agents`}</span>
      )}
      <span className="grow" />
      <TravelMenu address={address} onChange={onChange} />
      {mayRegister ? (
        <Link href={routes.definitions(project)} prefetch={false} className={buttonClass("primary")}>
          Register agent
        </Link>
      ) : (
        <Button look="primary" disabled title="You may not register agents.">
          Register agent
        </Button>
      )}
    </div>
  );
}
