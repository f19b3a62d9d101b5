import { signOut } from "#api/session.ts";
import { DESTINATIONS } from "#features/shell/keys/key-bindings.ts";
import type { PaletteItem } from "#features/shell/palette/palette-item.ts";
import { chooseTheme, type Theme } from "#components/theme.ts";
import { projectPath, projectRoute, type ProjectRoute, routes } from "#routes.ts";

interface CommandsInput {
  readonly project: ProjectRoute;
  /** Paths of all projects that the reader may see. */
  readonly paths: readonly string[];
  readonly go: (href: string) => void;
  readonly showKeys: () => void;
}

/** All that the palette can do, besides finding things. */
export function commands({ project, paths, go, showKeys }: CommandsInput): PaletteItem[] {
  const link = (value: string, label: string, href: string, more: Partial<PaletteItem> = {}): PaletteItem => ({
    value,
    label,
    run: () => go(href),
    ...more,
  });
  const themes: readonly Theme[] = ["system", "light", "dark"];
  return [
    ...DESTINATIONS.map(({ key, name, href }) =>
      link(`go ${key}`, `Go to ${name}`, href(project), { keys: ["g", key] }),
    ),
    link("trouble", "Agents in trouble", routes.fleet(project, { state: ["ERROR", "UNRESPONSIVE"] })),
    link("dead tasks", "Dead tasks", routes.tasks(project, { state: ["FAILED"] })),
    link("rollbacks", "Rollbacks under way", routes.contexts(project, { rollback: "pending" })),
    link("create task", "Create a task…", routes.tasks(project, { create: "open" })),
    link("people", "People and their roles", routes.settings(project, "people")),
    link("api keys", "API keys", routes.settings(project, "keys")),
    link("audit log", "Audit log", routes.settings(project, "audit")),
    link("profile", "Your profile, password and sessions", routes.settings(project, "profile")),
    ...paths
      .filter((path) => path !== projectPath(project))
      .map((path) => link(`project ${path}`, `Switch to ${path}`, routes.overview(projectRoute(path)))),
    ...themes.map((theme) => ({ value: `theme ${theme}`, label: `Theme: ${theme}`, run: () => chooseTheme(theme) })),
    { value: "keys", label: "Show all keys", keys: ["?"], run: showKeys },
    { value: "sign out", label: "Sign out", run: () => void signOut() },
  ];
}
