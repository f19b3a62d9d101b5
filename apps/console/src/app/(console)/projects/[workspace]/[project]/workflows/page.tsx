import type { Metadata } from "next";
import { WorkflowsPage } from "#features/workflows/workflows-page.tsx";
import type { ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Workflows" };

export default async function Page({ params }: { readonly params: Promise<ProjectRoute> }) {
  return <WorkflowsPage project={await params} />;
}
