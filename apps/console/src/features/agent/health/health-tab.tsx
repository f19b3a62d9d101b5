"use client";
import Link from "next/link";
import { QueryState } from "#components/query-state.tsx";
import { DayShares } from "#features/agent/health/day-shares.tsx";
import { HealthNow } from "#features/agent/health/health-now.tsx";
import { LastErrors } from "#features/agent/health/last-errors.tsx";
import { useHealth } from "#features/agent/health/use-health.ts";
import { TEXT_LINK } from "#features/agent/text-link.ts";
import { type ProjectRoute, routes } from "#routes.ts";

interface HealthTabProps {
  readonly project: ProjectRoute;
  readonly agent: string;
}

/** How the agent is doing: now, over the last day, and what went wrong. */
export default function HealthTab({ project, agent }: HealthTabProps) {
  const { data, error } = useHealth(agent);
  return (
    <section aria-label="Health" className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <QueryState data={data} error={error}>
        {({ node }) =>
          node?.__typename === "Agent" && (
            <>
              <HealthNow agent={node} />
              <DayShares agent={node} />
              <LastErrors project={project} agent={node} />
              <p className="text-muted">
                Its process speaks for it with a key of its own.{" "}
                <Link href={routes.settings(project, "keys")} prefetch={false} className={`text-accent ${TEXT_LINK}`}>
                  Rotate it in Settings
                </Link>
              </p>
            </>
          )
        }
      </QueryState>
    </section>
  );
}
