import type { Metadata } from "next";
import { SchedulesPage } from "#features/schedules/schedules-page.tsx";
import type { ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Schedules" };

export default async function Page({ params }: { readonly params: Promise<ProjectRoute> }) {
  return <SchedulesPage project={await params} />;
}
