"use client";
import dynamic from "next/dynamic";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { Loading, NotFoundHere } from "#components/notice.tsx";
import { Tabs } from "#components/tabs.tsx";
import { GeneralSection } from "#features/settings/general-section.tsx";
import { type Section, sectionAddress, sectionOf, SECTIONS } from "#features/settings/settings-sections.ts";
import { projectPath, type ProjectRoute, routes } from "#routes.ts";

const loading = () => <Loading />;
/** Each comes when it is looked at. */
const WorkspacesSection = dynamic(
  () => import("#features/settings/workspaces-section.tsx").then((module) => module.WorkspacesSection),
  { loading },
);
const LimitsSection = dynamic(
  () => import("#features/settings/limits-section.tsx").then((module) => module.LimitsSection),
  { loading },
);
const KeysSection = dynamic(() => import("#features/settings/keys-section.tsx").then((module) => module.KeysSection), {
  loading,
});
const BrowserSection = dynamic(
  () => import("#features/settings/browser-section.tsx").then((module) => module.BrowserSection),
  { loading },
);

/** What can be set about the project, its workspace, keys, and this browser. */
export function SettingsPage({ project }: { readonly project: ProjectRoute }) {
  const pathname = usePathname();
  const current = sectionOf(project, pathname);
  if (current === null) {
    const name = pathname.split("/").at(-1) ?? "";
    return <NotFoundHere what="setting" id={name} project={projectPath(project)} list={routes.settings(project)} />;
  }
  return (
    <div className="grid grid-cols-1 gap-4">
      <div className="flex flex-wrap items-baseline justify-between gap-3">
        <h1 className="text-xl font-semibold tracking-tight">Settings</h1>
        <Link href={routes.webhooks(project)} prefetch={false} className="text-accent hover:underline">
          Webhooks
        </Link>
      </div>
      <Tabs
        label="Settings"
        tabs={(Object.keys(SECTIONS) as Section[]).map((section) => ({
          name: SECTIONS[section],
          href: sectionAddress(project, section),
          current: section === current,
        }))}
      />
      <div className="max-w-3xl">
        <Shown section={current} project={project} />
      </div>
    </div>
  );
}

function Shown({ section, project }: { readonly section: Section; readonly project: ProjectRoute }) {
  switch (section) {
    case "general":
      return <GeneralSection project={project} />;
    case "workspaces":
      return <WorkspacesSection project={project} />;
    case "limits":
      return <LimitsSection project={project} />;
    case "keys":
      return <KeysSection project={project} />;
    case "browser":
      return <BrowserSection />;
  }
}
