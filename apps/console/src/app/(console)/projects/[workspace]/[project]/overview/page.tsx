import type { Metadata } from "next";
import { Overview } from "#features/overview/overview.tsx";
import type { ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Overview" };

export default async function Page({ params }: { readonly params: Promise<ProjectRoute> }) {
  return <Overview project={await params} />;
}
