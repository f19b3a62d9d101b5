"use client";
import { usePermissions } from "#api/use-permissions.ts";
import { NotFoundHere } from "#components/notice.tsx";
import { useNamedPage } from "#components/page-name.ts";
import { QueryState } from "#components/query-state.tsx";
import { TaskView } from "#features/tasks/task-view.tsx";
import { useTask } from "#features/tasks/use-task.ts";
import { projectPath, type ProjectRoute, routes } from "#routes.ts";

interface TaskPageProps {
  readonly project: ProjectRoute;
  readonly id: string;
}

/** One task: how it stands and why, every attempt, what it streams, what it was given and gave back. */
export function TaskPage({ project, id }: TaskPageProps) {
  const permissions = usePermissions(project) ?? [];
  const { data, error, task, events } = useTask(id);
  const title = task?.title;
  useNamedPage(title);
  return (
    <QueryState data={data} error={error}>
      {() =>
        task === null || task.project.path !== projectPath(project) ? (
          <NotFoundHere what="task" id={id} project={projectPath(project)} list={routes.tasks(project)} />
        ) : (
          <TaskView key={id} project={project} task={task} events={events} permissions={permissions} />
        )
      }
    </QueryState>
  );
}
