import type { Metadata } from "next";
import { TasksPage } from "#features/tasks/tasks-page.tsx";
import type { ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Tasks" };

export default async function Page({ params }: { readonly params: Promise<ProjectRoute> }) {
  const { workspace, project } = await params;
  return <TasksPage project={{ workspace, project }} />;
}
