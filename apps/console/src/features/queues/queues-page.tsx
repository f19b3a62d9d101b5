"use client";
import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { QueuesTab } from "#features/queues/queues-tab.tsx";
import { queuesView } from "#features/queues/queues-view.ts";
import type { ProjectRoute } from "#routes.ts";

/** Comes when it is opened. */
const RateLimitsTab = dynamic(() =>
  import("#features/queues/rate-limits-tab.tsx").then((module) => module.RateLimitsTab),
);

/** The project's queues and rate limits: what waits, since when, and why. */
export function QueuesPage({ project }: { readonly project: ProjectRoute }) {
  const parameters = useSearchParams();
  const view = queuesView(parameters);
  return (
    <div className="grid grid-cols-1 gap-4">
      {parameters.get("tab") === "limits" ? (
        <RateLimitsTab project={project} view={view} />
      ) : (
        <QueuesTab project={project} view={view} />
      )}
    </div>
  );
}
