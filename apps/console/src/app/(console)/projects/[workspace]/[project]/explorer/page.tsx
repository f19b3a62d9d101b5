import type { Metadata } from "next";
import { Explorer } from "#features/explorer/explorer.tsx";
import type { ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Explorer" };

export default async function ExplorerPage({ params }: { readonly params: Promise<ProjectRoute> }) {
  return <Explorer project={await params} />;
}
