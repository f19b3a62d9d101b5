import { PERMISSION_DESCRIPTIONS } from "@muster/domain/permission-descriptions.ts";
import type { Permission } from "@muster/domain/permissions.ts";
import { type Role, ROLE_DESCRIPTIONS, ROLE_PERMISSIONS, ROLES } from "@muster/domain/roles.ts";
import { builder } from "../builder.ts";
import { RoleEnum } from "./role.ts";

const PUBLIC = { none: "What each role may do is no secret." } as const;

const PermissionType = builder.objectRef<Permission>("PermissionOfRole").implement({
  permission: PUBLIC,
  description: "Something that may be done.",
  fields: (t) => ({
    name: t.string({ description: "Subject and verb, as in task.create.", resolve: (permission) => permission }),
    description: t.string({
      description: "What it lets one do.",
      resolve: (permission) => PERMISSION_DESCRIPTIONS[permission],
    }),
  }),
});

const RolePermissionsType = builder.objectRef<Role>("RolePermissions").implement({
  permission: PUBLIC,
  description: "What a role may do.",
  fields: (t) => ({
    role: t.field({ type: RoleEnum, description: "The role.", resolve: (role) => role }),
    description: t.string({
      description: "What it is for, in a sentence.",
      resolve: (role) => ROLE_DESCRIPTIONS[role],
    }),
    permissions: t.field({
      type: [PermissionType],
      description: "All that it may do.",
      resolve: (role) => [...ROLE_PERMISSIONS[role]],
    }),
  }),
});

builder.queryField("roles", (t) =>
  t.field({
    type: [RolePermissionsType],
    permission: PUBLIC,
    description: "The matrix of roles: each holds what the one before it holds, and more.",
    resolve: () => [...ROLES],
  }),
);
