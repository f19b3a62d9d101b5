/** Where a role can be given, or a key be made, from where one is: by a word for the form. */
export type Place = "project" | "workspace" | "installation";

export interface Here {
  readonly projectId: string;
  readonly workspaceId: string;
}

/** What the API calls a place. */
export function placeInput(place: Place, { projectId, workspaceId }: Here) {
  if (place === "installation") return {};
  return place === "workspace" ? { workspaceId } : { workspaceId, projectId };
}
