"use client";
import { useMemo } from "react";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { usePermissions } from "#api/use-permissions.ts";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { ColumnsMenu } from "#components/table/columns-menu.tsx";
import { columnsAddress, columnsIn } from "#components/table/columns.ts";
import { Table } from "#components/table/table.tsx";
import { useSelection } from "#components/table/use-selection.ts";
import { CreateTaskDialog } from "#features/tasks/create-task-dialog.tsx";
import { EmptyTasks } from "#features/tasks/empty-tasks.tsx";
import { ErrorKinds } from "#features/tasks/error-kinds.tsx";
import { PresetCountsFragment } from "#features/tasks/preset-counts.ts";
import { PresetTabs } from "#features/tasks/preset-tabs.tsx";
import { taskColumns } from "#features/tasks/task-columns.tsx";
import { type TaskRow, TaskRowFragment } from "#features/tasks/task-row-fragment.ts";
import { filterOf, narrows, type TasksAddress } from "#features/tasks/tasks-address.ts";
import { TasksSelection } from "#features/tasks/tasks-selection.tsx";
import { TasksTools } from "#features/tasks/tasks-tools.tsx";
import { useTasks } from "#features/tasks/use-tasks.ts";
import type { ProjectRoute } from "#routes.ts";
import { SavedViews } from "#views/saved-views.tsx";

interface TasksListProps {
  readonly project: ProjectRoute;
  readonly address: TasksAddress;
  readonly hrefOf: (address: TasksAddress) => string;
  readonly onChange: (change: Partial<TasksAddress>) => void;
}

const nameOf = (row: TaskRow) => readFragment(TaskRowFragment, row).title;

/** The list with all that narrows it, and what can be done with those that are chosen. */
export function TasksList({ project, address, hrefOf, onChange }: TasksListProps) {
  const asked = JSON.stringify({ ...address, order: null, columns: null, create: null });
  // "The last 24 hours" are those before it was asked for, not before each moment at which something is drawn.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  const filter = useMemo(() => filterOf(address, Date.now()), [asked]);
  const named = [address.agent, address.schedule, address.workflow].filter((id) => id !== undefined);
  const { data, list, error } = useTasks(project, { filter, order: address.order, named });
  const columns = useMemo(() => taskColumns(project), [project]);
  const shown = useMemo(() => columnsIn(columns, address.columns), [columns, address.columns]);
  const selection = useSelection(list);
  const found = data?.project;
  const counts = readFragment(PresetCountsFragment, found);
  const permissions = usePermissions(project) ?? [];
  const names = useMemo(
    () => new Map(data?.nodes?.flatMap((node) => (node && "name" in node ? [[node.id, node.name] as const] : []))),
    [data?.nodes],
  );
  const chooses = permissions.includes("task.cancel") || permissions.includes("task.retry");
  const mayCreate = permissions.includes("task.create");
  const only = address.state.length === 1 ? address.state[0] : undefined;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="text-xl font-semibold tracking-tight">Tasks</h1>
        <span className="grow" />
        {found && (
          <SavedViews
            project={{ id: found.id, mayManage: permissions.includes("view.manage") }}
            screen={"TASKS"}
            query={queryOf(hrefOf({ ...address, create: undefined }))}
            hrefOf={(query) => (query === "" ? pathOf(hrefOf(address)) : `${pathOf(hrefOf(address))}?${query}`)}
          />
        )}
        <Button
          look="primary"
          disabled={data !== undefined && !mayCreate}
          title={data === undefined || mayCreate ? undefined : "You may not create tasks."}
          onClick={() => onChange({ create: "new" })}
        >
          Create task
        </Button>
      </div>
      <QueryState data={data} error={error}>
        {() =>
          !found || counts?.all.totalCount === 0 ? (
            <EmptyTasks />
          ) : (
            <>
              <PresetTabs address={address} hrefOf={hrefOf} counts={counts} />
              <TasksTools project={project} address={address} onChange={onChange} names={names} matches={list}>
                <ColumnsMenu
                  columns={columns}
                  shown={shown}
                  onChange={(chosen) => onChange({ columns: columnsAddress(columns, chosen) })}
                />
              </TasksTools>
              {only === "FAILED" && (
                <ErrorKinds
                  project={project}
                  filter={filter}
                  chosen={address.error}
                  onChoose={(kind) => onChange({ error: kind })}
                  replayed={address.replayed}
                  onReplayed={(replayed) => onChange({ replayed })}
                />
              )}
              {list.total === 0 ? (
                <Card>
                  <Empty title={narrows(address) ? "No task matches" : "No task is in these states now"}>
                    {narrows(address)
                      ? "Take a filter away, or look among other states. A task appears here as soon as it matches."
                      : "A task appears here as soon as there is one."}
                  </Empty>
                </Card>
              ) : (
                <Table
                  label="Tasks"
                  columns={columns}
                  shown={shown}
                  list={list}
                  rowHeight={57}
                  cardHeight={150}
                  nameOf={nameOf}
                  order={address.order}
                  onOrder={(order) => onChange({ order })}
                  {...(chooses && { selection })}
                />
              )}
              {chooses && (
                <TasksSelection
                  project={project}
                  projectId={found.id}
                  filter={filter}
                  list={list}
                  selection={selection}
                  permissions={permissions}
                />
              )}
            </>
          )
        }
      </QueryState>
      <CreateTaskDialog
        project={project}
        create={address.create}
        agent={address.agent}
        onClose={() => onChange({ create: undefined })}
      />
    </div>
  );
}

function queryOf(href: string): string {
  return href.split("?")[1] ?? "";
}

function pathOf(href: string): string {
  return href.split("?")[0] ?? href;
}
