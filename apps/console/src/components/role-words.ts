import type { Role } from "#api/generated/graphql.ts";

/** How a role reads. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  VIEWER: "Viewer",
  OPERATOR: "Operator",
  DEVELOPER: "Developer",
  ADMIN: "Admin",
};

/** From the least to the most. */
export const ROLES = Object.keys(ROLE_WORDS) as Role[];

/** Where a role holds. */
export interface Reach {
  /** Null: everywhere. */
  readonly workspace: { readonly slug: string } | null;
  /** Null: in all projects. */
  readonly project: { readonly path: string } | null;
}

/** "demo/app", "all of demo", "the whole installation". */
export function reachText({ workspace, project }: Reach): string {
  if (project !== null) return project.path;
  return workspace === null ? "the whole installation" : `all of ${workspace.slug}`;
}
