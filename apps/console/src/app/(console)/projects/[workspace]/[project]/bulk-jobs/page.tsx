import type { Metadata } from "next";
import { BulkJobsPage } from "#features/bulk-jobs/bulk-jobs-page.tsx";
import type { ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Bulk jobs" };

export default async function Page({ params }: { readonly params: Promise<ProjectRoute> }) {
  return <BulkJobsPage project={await params} />;
}
