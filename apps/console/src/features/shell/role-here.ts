import type { Role } from "#api/generated/graphql.ts";
import { type Reach, ROLES } from "#components/role-words.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

type Membership = Reach & { readonly role: Role };

/** The role that somebody has in a project: the highest of those that reach it; null: none. */
export function roleHere(memberships: readonly Membership[], here: ProjectRoute): Membership | null {
  return memberships
    .filter(({ workspace, project }) =>
      project === null ? workspace === null || workspace.slug === here.workspace : project.path === projectPath(here),
    )
    .reduce<Membership | null>(
      (best, each) => (best === null || ROLES.indexOf(each.role) > ROLES.indexOf(best.role) ? each : best),
      null,
    );
}
