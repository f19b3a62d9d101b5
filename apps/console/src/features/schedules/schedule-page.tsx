"use client";
import { useSearchParams } from "next/navigation";
import { usePermissions } from "#api/use-permissions.ts";
import { NotFoundHere } from "#components/notice.tsx";
import { useNamedPage } from "#components/page-name.ts";
import { QueryState } from "#components/query-state.tsx";
import { useLatest } from "#components/use-latest.ts";
import { mayManage } from "#features/schedules/may-manage.ts";
import { ScheduleActions } from "#features/schedules/schedule-actions.tsx";
import { ScheduleHeader } from "#features/schedules/schedule-header.tsx";
import { ScheduleHistory } from "#features/schedules/schedule-history.tsx";
import { ScheduleRuns } from "#features/schedules/schedule-runs.tsx";
import { ScheduleSettings } from "#features/schedules/schedule-settings.tsx";
import { ScheduleTrouble } from "#features/schedules/schedule-trouble.tsx";
import { useSchedule } from "#features/schedules/use-schedule.ts";
import { projectPath, type ProjectRoute, routes } from "#routes.ts";

interface SchedulePageProps {
  readonly project: ProjectRoute;
  readonly id: string;
}

/** One schedule: when it runs next, how its runs went, what its tasks are like, and what was done to it. */
export function SchedulePage({ project, id }: SchedulePageProps) {
  const permissions = usePermissions(project);
  const parameters = useSearchParams();
  const { data, error } = useSchedule(id, {
    after: parameters.get("after") ?? undefined,
    before: parameters.get("before") ?? undefined,
  });
  const first = parameters.get("after") === null && parameters.get("before") === null;
  const shown = useLatest(data, data !== undefined);
  const found = shown?.node?.__typename === "Schedule" && shown.node.id === id ? shown.node : null;
  const name = found?.name;
  useNamedPage(name);
  return (
    <QueryState data={shown} error={error}>
      {() =>
        found === null || found.project.path !== projectPath(project) ? (
          <NotFoundHere what="schedule" id={id} project={projectPath(project)} list={routes.schedules(project)} />
        ) : (
          <div className="grid grid-cols-1 gap-4">
            <ScheduleHeader schedule={found}>
              {found.deletedAt === null && (
                <ScheduleActions project={project} schedule={found} allowed={mayManage(permissions)} />
              )}
            </ScheduleHeader>
            <ScheduleTrouble schedule={found} runs={first ? found.tasks.edges.map(({ node }) => node) : []} />
            <div className="grid grid-cols-[minmax(0,1fr)] gap-5 xl:grid-cols-[minmax(0,1fr)_320px] xl:items-start">
              <div className="grid grid-cols-1 gap-5">
                <ScheduleRuns project={project} schedule={found} page={found.tasks} busy={data === undefined} />
                <ScheduleHistory
                  project={project}
                  id={id}
                  events={found.project.history.edges.map(({ node }) => node)}
                />
              </div>
              <aside aria-label="Settings" className="min-w-0">
                <ScheduleSettings schedule={found} />
              </aside>
            </div>
          </div>
        )
      }
    </QueryState>
  );
}
