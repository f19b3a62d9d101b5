"use client";
import { useCallback, useMemo } from "react";
import { useMuster } from "#api/api-provider.tsx";
import { PROJECT_KINDS } from "#events/filter/event-kinds.ts";
import { filterOf } from "#events/filter/events-view.ts";
import { useEventsView } from "#events/filter/use-events-view.ts";
import { useListOfEvents } from "#events/list/use-list-of-events.ts";
import { projectLog } from "#events/log/open-source.ts";
import { EventsBesidePanel } from "#events/panel/events-beside-panel.tsx";
import { ActivityToolbar } from "#features/activity/activity-toolbar.tsx";
import { ActivityViews } from "#features/activity/activity-views.tsx";
import { projectPath, type ProjectRoute, routes } from "#routes.ts";

/** What has happened in the project: all of it, as it happens. */
export function ActivityPage({ project: { workspace, project } }: { readonly project: ProjectRoute }) {
  const path = projectPath({ workspace, project });
  const muster = useMuster();
  const source = useMemo(() => projectLog(muster, path), [muster, path]);
  const address = useCallback(
    (values: Record<string, string | undefined>) => routes.activity({ workspace, project }, values),
    [workspace, project],
  );
  const control = useEventsView(address);
  const filter = useMemo(() => filterOf(control.view, PROJECT_KINDS), [control.view]);
  const list = useListOfEvents(source, filter, control);
  return (
    <>
      <div className="mb-1 flex flex-wrap items-center gap-3">
        <h1 className="grow text-xl font-semibold tracking-tight">Activity</h1>
        <ActivityViews project={{ workspace, project }} />
      </div>
      <EventsBesidePanel
        project={{ workspace, project }}
        control={control}
        list={list}
        whose
        toolbar={<ActivityToolbar source={source} name={project} control={control} list={list} />}
        emptyTitle="Nothing has happened in this project yet"
        emptyText="Agents that connect, tasks that move, versions of contexts, and what people change: each appears here as it happens."
      />
    </>
  );
}
