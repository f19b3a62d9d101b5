import type { Metadata } from "next";
import { DefinitionsPage } from "#features/definitions/definitions-page.tsx";
import type { ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Definitions" };

export default async function Page({ params }: { readonly params: Promise<ProjectRoute> }) {
  return <DefinitionsPage project={await params} />;
}
