import type { Metadata } from "next";
import { Fleet } from "#features/fleet/fleet.tsx";
import { projectPath, type ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Fleet" };

export default async function FleetPage({ params }: { readonly params: Promise<ProjectRoute> }) {
  const project = await params;
  return <Fleet key={projectPath(project)} project={project} />;
}
