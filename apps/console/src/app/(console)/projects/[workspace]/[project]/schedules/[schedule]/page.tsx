import type { Metadata } from "next";
import { SchedulePage } from "#features/schedules/schedule-page.tsx";
import type { ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Schedule" };

interface SchedulePageProps {
  readonly params: Promise<ProjectRoute & { readonly schedule: string }>;
}

export default async function Page({ params }: SchedulePageProps) {
  const { workspace, project, schedule } = await params;
  return <SchedulePage project={{ workspace, project }} id={decodeURIComponent(schedule)} />;
}
