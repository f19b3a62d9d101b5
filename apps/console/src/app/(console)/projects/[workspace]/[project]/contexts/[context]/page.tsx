import type { Metadata } from "next";
import { ContextPage } from "#features/contexts/context-page.tsx";
import type { ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Context" };

interface ContextPageProps {
  readonly params: Promise<ProjectRoute & { readonly context: string }>;
}

export default async function Page({ params }: ContextPageProps) {
  const { workspace, project, context } = await params;
  return <ContextPage project={{ workspace, project }} id={decodeURIComponent(context)} />;
}
