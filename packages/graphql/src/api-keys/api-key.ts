import type { ApiKeyKind } from "@muster/domain/api-key.ts";
import { formatId } from "@muster/domain/ids.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { AGENT_PERMISSIONS } from "@muster/domain/permissions.ts";
import type { ApiKey, ApiKeyState } from "@muster/identity/api-keys/api-key.ts";
import { getApiKeys } from "@muster/identity/api-keys/api-key-queries.ts";
import { programPermissions } from "@muster/identity/live-key.ts";
import { ActorType } from "../actors.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { loadedById } from "../loading.ts";
import { RoleEnum } from "../people/role.ts";
import { ProjectType } from "../projects/project.ts";
import { WorkspaceType } from "../projects/workspace.ts";

export const ApiKeyKindEnum = builder.enumType("ApiKeyKind", {
  description: "What an API key is for.",
  values: {
    ADMIN: { value: "admin", description: "A program that may do everything." },
    AGENT: { value: "agent", description: "One agent, for itself." },
    PROGRAM: { value: "program", description: "A program with a role." },
  } satisfies Record<Uppercase<ApiKeyKind>, { value: ApiKeyKind; description: string }>,
});

export const ApiKeyStateEnum = builder.enumType("ApiKeyState", {
  description: "Whether an API key works.",
  values: {
    ACTIVE: { description: "It works." },
    EXPIRED: { description: "Its time is over." },
    REVOKED: { description: "Somebody ended it." },
  } satisfies Record<ApiKeyState, { description: string }>,
});

export const ApiKeyType = builder.loadableNodeRef<ApiKey>("ApiKey", {
  id: { resolve: (key) => key.id, description: "Its id, key_…" },
  load: (ids, { installation: runtime, caller }) => getApiKeys(runtime, caller, ids),
  ...loadedById,
});

ApiKeyType.implement({
  permission: "key.read",
  description: "A credential of a program or an agent. What opens doors with it is shown once, when it is made.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Its name for people." }),
    kind: t.field({ type: ApiKeyKindEnum, description: "What it is for.", resolve: (key) => key.kind }),
    prefix: t.string({
      description: "How its text begins, as in mst_program_01h…: what is left of it in logs and files.",
      resolve: (key) => `mst_${key.kind}_${formatId("apiKey", key.id).slice("key_".length)}`,
    }),
    state: t.field({ type: ApiKeyStateEnum, description: "Whether it works.", resolve: (key) => key.state }),
    role: t.field({
      type: RoleEnum,
      nullable: true,
      description: "The role of a program's key; null for other kinds.",
      resolve: (key) => key.role,
    }),
    permissions: t.stringList({ description: "What it may do, as subject.verb.", resolve: permissionsOf }),
    workspace: t.field({
      type: WorkspaceType,
      nullable: true,
      description: "The workspace that it is for; null for the whole installation.",
      resolve: (key) => key.workspaceId,
    }),
    project: t.field({
      type: ProjectType,
      nullable: true,
      description: "The project that it is for; null for the whole workspace.",
      resolve: (key) => key.projectId,
    }),
    agent: t.field({
      type: AgentType,
      nullable: true,
      description: "The agent whose key it is.",
      resolve: (key) => key.agentId,
    }),
    createdBy: t.field({
      type: ActorType,
      nullable: true,
      description: "Who made it; null for the first key and for those that came with an agent.",
      resolve: ({ creatorKind, creatorId, creatorName }) =>
        creatorKind === null || creatorName === null ? null : { kind: creatorKind, id: creatorId, name: creatorName },
    }),
    createdAt: t.field({ type: "DateTime", description: "When it was made.", resolve: (key) => key.createdAt }),
    expiresAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it stops working by itself; null: never.",
      resolve: (key) => key.expiresAt,
    }),
    lastUsedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it was last used, accurate to a minute or two; null: never yet.",
      resolve: (key) => key.lastUsedAt,
    }),
    revokedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When somebody ended it.",
      resolve: (key) => key.revokedAt,
    }),
  }),
});

builder.objectField(ApiKeyType, "replacedBy", (t) =>
  t.field({
    type: ApiKeyType,
    nullable: true,
    description: "The key that took its place in a rotation.",
    resolve: (key) => key.replacedById,
  }),
);

function permissionsOf({ kind, role, permissions }: ApiKey): string[] {
  if (kind === "agent") return [...AGENT_PERMISSIONS];
  return role === null ? [...PERMISSIONS] : [...programPermissions(role, permissions)];
}
