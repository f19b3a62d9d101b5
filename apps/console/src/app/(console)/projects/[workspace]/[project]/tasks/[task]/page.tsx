import type { Metadata } from "next";
import { TaskPage } from "#features/tasks/task-page.tsx";
import type { ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Task" };

interface TaskPageProps {
  readonly params: Promise<ProjectRoute & { readonly task: string }>;
}

export default async function Page({ params }: TaskPageProps) {
  const { workspace, project, task } = await params;
  return <TaskPage project={{ workspace, project }} id={decodeURIComponent(task)} />;
}
