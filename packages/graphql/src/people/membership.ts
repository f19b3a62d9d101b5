import { getMemberships } from "@muster/identity/memberships/membership-queries.ts";
import type { Membership } from "@muster/identity/memberships/membership.ts";
import { builder } from "../builder.ts";
import { loadedById } from "../loading.ts";
import { ProjectType } from "../projects/project.ts";
import { WorkspaceType } from "../projects/workspace.ts";
import { RoleEnum } from "./role.ts";
import { OWN_OR_VISIBLE, UserType } from "./user.ts";

export const MembershipType = builder.loadableNodeRef<Membership>("Membership", {
  id: { resolve: (membership) => membership.id, description: "Its id, mbr_…" },
  load: (ids, { installation: runtime, caller }) => getMemberships(runtime, caller, ids),
  ...loadedById,
});

MembershipType.implement({
  permission: OWN_OR_VISIBLE,
  description: "The role of a person in a project, in a whole workspace or in the whole installation.",
  fields: (t) => ({
    user: t.field({ type: UserType, description: "The person.", resolve: (membership) => membership.userId }),
    role: t.field({ type: RoleEnum, description: "Their role.", resolve: (membership) => membership.role }),
    workspace: t.field({
      type: WorkspaceType,
      nullable: true,
      description: "The workspace it holds in; null for the whole installation.",
      resolve: (membership) => membership.workspaceId,
    }),
    project: t.field({
      type: ProjectType,
      nullable: true,
      description: "The project it holds in; null for the whole workspace.",
      resolve: (membership) => membership.projectId,
    }),
    version: t.exposeInt("version", { description: "Rises by one with each change." }),
    createdAt: t.field({
      type: "DateTime",
      description: "When the role was given.",
      resolve: (membership) => membership.createdAt,
    }),
  }),
});

export const MembershipConnection = builder.connectionObject(
  { type: MembershipType, name: "MembershipConnection", description: "A page of roles of people." },
  { name: "MembershipEdge", description: "The role of a person in a page." },
);
