import type { Metadata } from "next";
import { ActivityPage } from "#features/activity/activity-page.tsx";
import { projectPath, type ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Activity" };

export default async function ActivityRoute({ params }: { readonly params: Promise<ProjectRoute> }) {
  const project = await params;
  return <ActivityPage key={projectPath(project)} project={project} />;
}
