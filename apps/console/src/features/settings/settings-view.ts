"use client";
import { useSearchParams } from "next/navigation";
import { type ProjectRoute, routes, type SettingsSection, type SettingsView } from "#routes.ts";

interface SettingsViewControl {
  /** What the address says. */
  readonly view: SettingsView;
  /** Says something else, from the first page on; undefined takes a word away. */
  readonly change: (changes: SettingsView) => void;
}

/** What a part of the settings shows, which stands in its address. */
export function useSettingsView(project: ProjectRoute, section: SettingsSection): SettingsViewControl {
  const view: SettingsView = Object.fromEntries(useSearchParams());
  return {
    view,
    change: (changes) =>
      window.history.replaceState(
        null,
        "",
        routes.settings(project, section, { ...view, after: undefined, before: undefined, ...changes }),
      ),
  };
}
