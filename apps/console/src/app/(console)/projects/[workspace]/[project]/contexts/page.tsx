import type { Metadata } from "next";
import { ContextsPage } from "#features/contexts/contexts-page.tsx";
import type { ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Contexts" };

export default async function Page({ params }: { readonly params: Promise<ProjectRoute> }) {
  return <ContextsPage project={await params} />;
}
