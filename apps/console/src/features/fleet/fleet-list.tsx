"use client";
import Link from "next/link";
import type { FleetQuery } from "#api/generated/graphql.ts";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { AgentTable } from "#features/fleet/agent-table.tsx";
import type { FleetFilter } from "#features/fleet/fleet-filter.ts";
import { numberText } from "#components/number-text.ts";
import { Pager } from "#components/pager.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

interface FleetListProps {
  readonly project: ProjectRoute;
  readonly filter: FleetFilter;
  readonly fleet: NonNullable<FleetQuery["project"]>;
}

const TROUBLE = ["ERROR", "UNRESPONSIVE"];

/** A page of agents; on the first one those in trouble come before all others. */
export function FleetList({ project, filter, fleet }: FleetListProps) {
  const attention = fleet.attention?.edges.map(({ node }) => node) ?? [];
  const above = new Set(attention.map(({ id }) => id));
  const agents = fleet.agents.edges.map(({ node }) => node).filter(({ id }) => !above.has(id));
  if (attention.length + agents.length === 0) {
    return (
      <Card>
        <Empty title="No agent matches now">
          Look for another part of a name, or choose other states. An agent appears here as soon as it matches.
        </Empty>
      </Card>
    );
  }
  const { hasPreviousPage, hasNextPage, startCursor, endCursor } = fleet.agents.pageInfo;
  const troubled = fleet.agentCounts
    .filter(({ state }) => TROUBLE.includes(state))
    .reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <AgentTable
        project={project}
        attention={attention}
        attentionNote={
          troubled > attention.length && (
            <>
              : the latest {attention.length} of {numberText(troubled)}.{" "}
              <Link href={routes.fleet(project, { state: TROUBLE })} className="text-accent underline">
                Show all
              </Link>
            </>
          )
        }
        agents={agents}
      />
      <Pager
        previous={
          hasPreviousPage && startCursor !== null
            ? routes.fleet(project, { ...filter, after: undefined, before: startCursor })
            : undefined
        }
        next={
          hasNextPage && endCursor !== null
            ? routes.fleet(project, { ...filter, before: undefined, after: endCursor })
            : undefined
        }
      />
    </>
  );
}
