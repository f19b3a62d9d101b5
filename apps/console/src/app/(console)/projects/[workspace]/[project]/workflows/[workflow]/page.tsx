import type { Metadata } from "next";
import { WorkflowPage } from "#features/workflows/workflow-page.tsx";
import type { ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Workflow" };

interface WorkflowPageProps {
  readonly params: Promise<ProjectRoute & { readonly workflow: string }>;
}

export default async function Page({ params }: WorkflowPageProps) {
  const { workspace, project, workflow } = await params;
  return <WorkflowPage project={{ workspace, project }} id={decodeURIComponent(workflow)} />;
}
