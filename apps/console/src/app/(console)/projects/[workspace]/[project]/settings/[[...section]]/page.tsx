import type { Metadata } from "next";
import { SettingsPage } from "#features/settings/settings-page.tsx";
import type { ProjectRoute } from "#routes.ts";

export const metadata: Metadata = { title: "Settings" };

export default async function Page({ params }: { readonly params: Promise<ProjectRoute> }) {
  const { workspace, project } = await params;
  return <SettingsPage project={{ workspace, project }} />;
}
