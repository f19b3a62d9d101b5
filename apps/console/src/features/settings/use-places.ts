"use client";
import { useInstallationPermissions, usePermissions, useWorkspacePermissions } from "#api/use-permissions.ts";
import type { Place } from "#features/settings/people/places.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

/** The places around a project where the reader holds the permission, each as it reads: what they give, they have there. */
export function usePlaces(project: ProjectRoute, permission: string): Readonly<Record<Place, string>> {
  const places = [
    ["project", projectPath(project), usePermissions(project)],
    ["workspace", `All of ${project.workspace}`, useWorkspacePermissions(project)],
    ["installation", "The whole installation", useInstallationPermissions()],
  ] as const;
  return Object.fromEntries(
    places.flatMap(([place, name, held]) => (held?.includes(permission) ? [[place, name]] : [])),
  ) as Record<Place, string>;
}
