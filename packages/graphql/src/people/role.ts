import { type Role, ROLE_DESCRIPTIONS, ROLES } from "@muster/domain/roles.ts";
import { builder } from "../builder.ts";

export const RoleEnum = builder.enumType("Role", {
  description: "What a person or a program is in a project, a workspace or the whole installation.",
  values: Object.fromEntries(ROLES.map((role) => [role, { description: ROLE_DESCRIPTIONS[role] }])) as Record<
    Role,
    { description: string }
  >,
});
