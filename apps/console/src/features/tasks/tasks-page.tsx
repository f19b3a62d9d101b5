"use client";
import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { type TasksAddress, tasksAddress, viewOf } from "#features/tasks/tasks-address.ts";
import { TasksList } from "#features/tasks/tasks-list.tsx";
import { type ProjectRoute, routes } from "#routes.ts";
import { searchNow } from "#search-now.ts";

/** The tasks of a project: what runs, what waits, what has failed. */
export function TasksPage({ project }: { readonly project: ProjectRoute }) {
  const parameters = useSearchParams();
  const address = useMemo(() => tasksAddress(parameters), [parameters]);
  const hrefOf = (changed: TasksAddress) => routes.tasks(project, viewOf(changed));
  return (
    <TasksList
      project={project}
      address={address}
      hrefOf={hrefOf}
      onChange={(change) => window.history.replaceState(null, "", hrefOf({ ...tasksAddress(searchNow()), ...change }))}
    />
  );
}
