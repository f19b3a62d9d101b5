import type { ProjectRoute } from "#routes.ts";
import { projectPath } from "#routes.ts";

/** Where a role can be given, or a key be made, from where one is: by a word for the form. */
export type Place = "project" | "workspace" | "installation";

export interface Here {
  readonly projectId: string;
  readonly workspaceId: string;
}

/** How each place reads. The installation stands only where it is one's to give. */
export function placeOptions(here: ProjectRoute, everywhere: boolean): Readonly<Record<Place, string>> {
  const places = { project: projectPath(here), workspace: `All of ${here.workspace}` };
  return (everywhere ? { ...places, installation: "The whole installation" } : places) as Record<Place, string>;
}

/** What the API calls a place. */
export function placeInput(place: Place, { projectId, workspaceId }: Here) {
  if (place === "installation") return {};
  return place === "workspace" ? { workspaceId } : { workspaceId, projectId };
}
