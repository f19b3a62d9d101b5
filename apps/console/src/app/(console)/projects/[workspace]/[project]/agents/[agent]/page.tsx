import type { Metadata } from "next";
import { AgentPage } from "#features/agent/agent-page.tsx";
import type { ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Agent" };

interface AgentPageProps {
  readonly params: Promise<ProjectRoute & { readonly agent: string }>;
}

export default async function Page({ params }: AgentPageProps) {
  const { workspace, project, agent } = await params;
  return <AgentPage project={{ workspace, project }} id={decodeURIComponent(agent)} />;
}
