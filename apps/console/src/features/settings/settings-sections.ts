import { type ProjectRoute, routes, type SettingsSection } from "#routes.ts";

export type Section = "general" | SettingsSection;

/** The parts of the settings, in their order. */
export const SECTIONS: Readonly<Record<Section, string>> = {
  general: "General",
  workspaces: "Workspaces",
  limits: "Limits and retention",
  people: "People",
  roles: "Roles",
  keys: "API keys",
  audit: "Audit log",
  profile: "Your profile",
  browser: "This browser",
};

/** Where a part is. */
export function sectionAddress(project: ProjectRoute, section: Section): string {
  return section === "general" ? routes.settings(project) : routes.settings(project, section);
}

/** The part that a path leads to; null for one that there is not. */
export function sectionOf(project: ProjectRoute, pathname: string): Section | null {
  const sections = Object.keys(SECTIONS) as Section[];
  return sections.find((section) => sectionAddress(project, section) === pathname) ?? null;
}
