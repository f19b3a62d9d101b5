import type { Metadata } from "next";
import { DefinitionPage } from "#features/definitions/definition-page.tsx";
import type { ProjectRoute } from "#routes.ts";

interface DefinitionParams {
  readonly params: Promise<ProjectRoute & { readonly definition: string }>;
}

export async function generateMetadata({ params }: DefinitionParams): Promise<Metadata> {
  return { title: decodeURIComponent((await params).definition) };
}

export default async function Page({ params }: DefinitionParams) {
  const { definition, ...project } = await params;
  return <DefinitionPage project={project} slug={decodeURIComponent(definition)} />;
}
