"use client";
import { useSearchParams } from "next/navigation";
import { usePermissions } from "#api/use-permissions.ts";
import { Card } from "#components/card.tsx";
import { Choice } from "#components/choice.tsx";
import { Loading } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { Attention } from "#features/overview/attention/attention.tsx";
import { FleetStates } from "#features/overview/fleet-states.tsx";
import { FlowCharts } from "#features/overview/flow-charts.tsx";
import { flowRange } from "#features/overview/flow-range.ts";
import { useAttention } from "#features/overview/use-attention.ts";
import { useFlow } from "#features/overview/use-flow.ts";
import { type ProjectRoute, routes } from "#routes.ts";

const RANGE_WORDS = { "1h": "1 h", "6h": "6 h", "24h": "24 h", "7d": "7 d" } as const;

/** Where a day begins: what needs somebody now, how much gets done and how fast, and how the fleet is. */
export function Overview({ project }: { readonly project: ProjectRoute }) {
  const range = flowRange(useSearchParams().get("range"));
  const permissions = usePermissions(project) ?? [];
  // Two questions and not one: what needs somebody is answered in two thirds of the time that both take together, and each is read
  // again for reasons of its own, the fleet after its events, the charts each minute.
  const flow = useFlow(project, range);
  const attention = useAttention(project, flow.readSoon);
  return (
    <div className="grid grid-cols-1 gap-4">
      <h1 className="text-xl font-semibold tracking-tight">Overview</h1>
      <QueryState data={attention.data} error={attention.error ?? flow.error}>
        {({ project: found }) =>
          found && (
            // On a very wide screen the charts stand beside what needs attention: no row is then too long to follow.
            <div className="grid grid-cols-1 items-start gap-4 min-[125rem]:grid-cols-2">
              <Attention
                project={project}
                found={found}
                flow={flow.data?.project}
                permissions={permissions}
                recent={flow.recent}
              />
              <div className="grid grid-cols-1 gap-4 min-[125rem]:row-span-2">
                <div className="flex flex-wrap items-center justify-between gap-3">
                  <h2 className="text-lg font-semibold tracking-tight">Work</h2>
                  <Choice
                    label="How far back"
                    options={RANGE_WORDS}
                    value={range}
                    onChange={(chosen) =>
                      window.history.replaceState(
                        null,
                        "",
                        routes.overview(project, { range: chosen === "1h" ? undefined : chosen }),
                      )
                    }
                  />
                </div>
                <div className="grid grid-cols-1 gap-4 xl:grid-cols-2 min-[125rem]:grid-cols-1" aria-busy={flow.busy}>
                  {flow.data?.project ? (
                    <FlowCharts statistics={flow.data.project.taskStatistics} ended={flow.ended} range={range} />
                  ) : (
                    [0, 1].map((place) => (
                      <Card key={place} className="min-h-72">
                        <Loading label="Loading the charts" />
                      </Card>
                    ))
                  )}
                </div>
              </div>
              <FleetStates project={project} counts={found.agentCounts} />
            </div>
          )
        }
      </QueryState>
    </div>
  );
}
