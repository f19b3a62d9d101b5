import { Conflict } from "@muster/domain/errors.ts";
import type { ApiKey } from "@muster/identity/api-keys/api-key.ts";
import { createApiKey, type ShownKey } from "@muster/identity/api-keys/create-api-key.ts";
import { revokeApiKey } from "@muster/identity/api-keys/revoke-api-key.ts";
import { rotateApiKey } from "@muster/identity/api-keys/rotate-api-key.ts";
import { builder } from "../builder.ts";
import { optionalUuidOf, uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { RoleEnum } from "../people/role.ts";
import { ApiKeyType } from "./api-key.ts";

/** A key and what opens doors with it. */
function shownKey(name: string) {
  return builder.objectRef<{ data: ApiKey; key: string }>(name).implement({
    description: "The key was made.",
    fields: (t) => ({
      data: t.field({ type: ApiKeyType, description: "The key, as lists show it.", resolve: ({ data }) => data }),
      key: t.exposeString("key", {
        description: "What to send, mst_program_…: shown this once, it cannot be read again.",
      }),
    }),
  });
}

const shown = ({ apiKey, key }: ShownKey) => ({ data: apiKey, key });

mutation("createApiKey", {
  permission: "key.manage",
  description: "Makes a key for a program. It can do no more than who makes it.",
  input: builder.inputType("CreateApiKeyInput", {
    description: "A new key: for a project, for a whole workspace, or, with neither, for the whole installation.",
    fields: (t) => ({
      workspaceId: t.id({ description: "The workspace." }),
      projectId: t.id({ description: "The project." }),
      name: t.string({ required: true, description: "Its name for people: up to 200 characters." }),
      role: t.field({ type: RoleEnum, required: true, description: "What it may do." }),
      permissions: t.stringList({ description: "Of the role only these, as in task.create; all of it when left out." }),
      expiresAt: t.field({ type: "DateTime", description: "When it stops working; never when left out." }),
    }),
  }),
  success: shownKey("CreateApiKeySuccess"),
  resolve: async ({ workspaceId, projectId, permissions, ...input }, { installation: runtime, caller }) =>
    shown(
      await createApiKey(runtime, caller, {
        ...input,
        workspaceId: optionalUuidOf("workspace", workspaceId),
        projectId: optionalUuidOf("project", projectId),
        permissions: permissions as never,
      }),
    ),
});

mutation("rotateApiKey", {
  permission: "key.manage",
  description:
    "Makes a key in the place of another one, which works for a while longer, so that programs can change over. " +
    "An agent's key is rotated with rotateAgentKey.",
  input: builder.inputType("RotateApiKeyInput", {
    description: "A key to replace.",
    fields: (t) => ({
      apiKeyId: t.id({ required: true, description: "The key." }),
      overlapSeconds: t.int({
        description: "For how long the old one still works: 0 to 604,800 (7 days), a day when left out.",
      }),
    }),
  }),
  success: shownKey("RotateApiKeySuccess"),
  errors: [Conflict],
  resolve: async ({ apiKeyId, overlapSeconds }, { installation: runtime, caller }) =>
    shown(await rotateApiKey(runtime, caller, { apiKeyId: uuidOf("apiKey", apiKeyId), overlapSeconds })),
});

mutation("revokeApiKey", {
  permission: "key.manage",
  description: "Ends a key, a program's or an agent's, with all sessions, tokens and connections that hang on it.",
  input: builder.inputType("RevokeApiKeyInput", {
    description: "A key to end.",
    fields: (t) => ({
      apiKeyId: t.id({ required: true, description: "The key." }),
      reason: t.string({ required: true, description: "Why, for people." }),
    }),
  }),
  success: successOf("revokeApiKey", ApiKeyType),
  errors: [Conflict],
  resolve: async ({ apiKeyId, reason }, { installation: runtime, caller }) => ({
    data: await revokeApiKey(runtime, caller, { apiKeyId: uuidOf("apiKey", apiKeyId), reason }),
  }),
});
