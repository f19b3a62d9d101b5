import type { Metadata } from "next";
import { BulkJobPage } from "#features/bulk-jobs/bulk-job-page.tsx";
import type { ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Bulk job" };

export default async function Page({ params }: { readonly params: Promise<ProjectRoute & { readonly job: string }> }) {
  const { job, ...project } = await params;
  return <BulkJobPage project={project} id={decodeURIComponent(job)} />;
}
