"use client";
import dynamic from "next/dynamic";
import { useRouter, useSearchParams } from "next/navigation";
import { useRef, useState } from "react";
import { usePermissions } from "#api/use-permissions.ts";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { Choice } from "#components/choice.tsx";
import { ListFoot } from "#components/list-foot.tsx";
import { QueryState } from "#components/query-state.tsx";
import { SearchBox } from "#components/search-box.tsx";
import { useLatest } from "#components/use-latest.ts";
import { useLinkKeys } from "#components/use-link-keys.ts";
import { EmptySchedules } from "#features/schedules/empty-schedules.tsx";
import { MAY_NOT, mayManage } from "#features/schedules/may-manage.ts";
import { ScheduleTable } from "#features/schedules/schedule-table.tsx";
import { schedulesFilter, type SchedulesFilter, schedulesViewOf } from "#features/schedules/schedules-view.ts";
import { useSchedules } from "#features/schedules/use-schedules.ts";
import { type ProjectRoute, routes } from "#routes.ts";
import { searchNow } from "#search-now.ts";

/** Comes when it is asked for. */
const CreateSchedule = dynamic(() =>
  import("#features/schedules/create-schedule.tsx").then((module) => module.CreateSchedule),
);

const STATES = { all: "All", active: "Active", paused: "Paused" } as const;

/** The project's schedules: what creates tasks by the clock, when next, and how it went last. */
export function SchedulesPage({ project }: { readonly project: ProjectRoute }) {
  const router = useRouter();
  const filter = schedulesFilter(useSearchParams());
  const { data, error } = useSchedules(project, filter);
  const shown = useLatest(data, data !== undefined);
  const list = useRef<HTMLDivElement>(null);
  useLinkKeys(list);
  const [creating, setCreating] = useState(false);
  const [used, setUsed] = useState(false);
  const manages = mayManage(usePermissions(project));
  const filtered = filter.paused !== undefined || filter.search !== "";
  const addressOf = (changed: Partial<SchedulesFilter>) => routes.schedules(project, schedulesViewOf(changed));
  const show = (changed: Partial<SchedulesFilter>) => {
    const { paused, search } = schedulesFilter(searchNow());
    window.history.replaceState(null, "", addressOf({ paused, search, ...changed }));
  };
  const create = (
    <Button
      look="primary"
      disabled={!manages}
      title={manages ? undefined : MAY_NOT}
      onClick={() => {
        setUsed(true);
        setCreating(true);
      }}
    >
      Create schedule
    </Button>
  );
  return (
    <div className="grid grid-cols-1 gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-xl font-semibold tracking-tight">Schedules</h1>
        {shown && create}
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <SearchBox
          label="Search schedules"
          placeholder="part of the name"
          value={filter.search}
          onSearch={(search) => show({ search })}
        />
        <Choice
          label="Show schedules"
          options={STATES}
          value={filter.paused === undefined ? "all" : filter.paused ? "paused" : "active"}
          onChange={(state) => show({ paused: state === "all" ? undefined : state === "paused" })}
        />
      </div>
      <QueryState data={shown} error={error}>
        {({ project: found }) => {
          if (!found) return null;
          const { edges } = found.schedules;
          return (
            <>
              <Card ref={list} className="overflow-x-auto" aria-busy={data === undefined}>
                {edges.length === 0 ? (
                  <EmptySchedules filtered={filtered} />
                ) : (
                  <ScheduleTable project={project} schedules={edges.map(({ node }) => node)} />
                )}
              </Card>
              {edges.length > 0 && (
                <ListFoot one="schedule" list={found.schedules} hrefOf={(page) => addressOf({ ...filter, ...page })} />
              )}
              {used && (
                <CreateSchedule
                  projectId={found.id}
                  open={creating}
                  onClose={(created) => {
                    setCreating(false);
                    if (created !== null) router.push(routes.schedule(project, created));
                  }}
                />
              )}
            </>
          );
        }}
      </QueryState>
    </div>
  );
}
