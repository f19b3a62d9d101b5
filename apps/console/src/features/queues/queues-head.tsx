import type { ReactNode } from "react";
import { numberText } from "#components/number-text.ts";
import { Tabs } from "#components/tabs.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

interface QueuesHeadProps {
  readonly project: ProjectRoute;
  readonly tab: "queues" | "limits";
  /** How many there are, once that is known. */
  readonly queues: number | undefined;
  readonly limits: number | undefined;
  readonly children?: ReactNode;
}

/** The heading of both parts of the page, and the way between them. */
export function QueuesHead({ project, tab, queues, limits, children }: QueuesHeadProps) {
  return (
    <>
      <div className="flex min-h-7.5 flex-wrap items-center justify-between gap-3">
        <h1 className="text-xl font-semibold tracking-tight">Queues</h1>
        {children}
      </div>
      <Tabs
        label="Queues and limits"
        tabs={[
          {
            name: "Queues",
            href: routes.queues(project),
            current: tab === "queues",
            ...(queues !== undefined && { count: numberText(queues) }),
          },
          {
            name: "Rate limits",
            href: routes.queues(project, { tab: "limits" }),
            current: tab === "limits",
            ...(limits !== undefined && { count: numberText(limits) }),
          },
        ]}
      />
    </>
  );
}
