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
  () => import("#features/settings/limits/limits-section.tsx").then((module) => module.LimitsSection),
  { loading },
);
const PeopleSection = dynamic(
  () => import("#features/settings/people/people-section.tsx").then((module) => module.PeopleSection),
  { loading },
);
const RolesSection = dynamic(
  () => import("#features/settings/roles/roles-section.tsx").then((module) => module.RolesSection),
  { loading },
);
const KeysSection = dynamic(
  () => import("#features/settings/keys/keys-section.tsx").then((module) => module.KeysSection),
  { loading },
);
const AuditSection = dynamic(
  () => import("#features/settings/audit/audit-section.tsx").then((module) => module.AuditSection),
  { loading },
);
const ProfileSection = dynamic(
  () => import("#features/settings/profile/profile-section.tsx").then((module) => module.ProfileSection),
  { loading },
);
const BrowserSection = dynamic(
  () => import("#features/settings/browser-section.tsx").then((module) => module.BrowserSection),
  { loading },
);

/** Those with tables. */
const WIDE: readonly Section[] = ["people", "roles", "keys", "audit"];

/** What can be set about the project, its workspace, its people and keys, oneself, and this browser; and what was done. */
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
      <div className={WIDE.includes(current) ? "max-w-7xl" : "max-w-3xl"}>
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
    case "people":
      return <PeopleSection project={project} />;
    case "roles":
      return <RolesSection />;
    case "audit":
      return <AuditSection project={project} />;
    case "profile":
      return <ProfileSection />;
    case "browser":
      return <BrowserSection />;
  }
}
