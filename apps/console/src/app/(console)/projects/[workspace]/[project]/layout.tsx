import type { ReactNode } from "react";
import { Shell } from "#features/shell/shell.tsx";
import type { ProjectRoute } from "#routes.ts";

interface ProjectLayoutProps {
  readonly params: Promise<ProjectRoute>;
  readonly children: ReactNode;
}

export default async function ProjectLayout({ params, children }: ProjectLayoutProps) {
  return <Shell project={await params}>{children}</Shell>;
}
