import type { PageArguments } from "@muster/domain/page.ts";
import { listApiKeys, listInstallationApiKeys } from "@muster/identity/api-keys/api-key-queries.ts";
import { builder } from "../builder.ts";
import { connectionOf } from "../connection.ts";
import { uuidOf } from "../ids.ts";
import { nestedList } from "../nested-list.ts";
import { WorkspaceType } from "../projects/workspace.ts";
import { ApiKeyKindEnum, ApiKeyStateEnum, ApiKeyType } from "./api-key.ts";

const ApiKeyFilterInput = builder.inputType("ApiKeyFilter", {
  description: "Which keys: all that is given has to hold.",
  fields: (t) => ({
    projectId: t.id({ description: "For this project." }),
    kind: t.field({ type: ApiKeyKindEnum, description: "Of this kind." }),
    state: t.field({ type: ApiKeyStateEnum, description: "In this state." }),
    search: t.string({ description: "With this in the name, in any case: up to 200 characters." }),
  }),
});

interface Listing extends PageArguments {
  readonly filter?: typeof ApiKeyFilterInput.$inferInput | null | undefined;
}

const ApiKeyConnection = builder.connectionObject(
  { type: ApiKeyType, name: "ApiKeyConnection", description: "A page of API keys." },
  { name: "ApiKeyEdge", description: "An API key in a page." },
);

function listingOf({ filter, ...page }: Listing) {
  const { projectId, ...rest } = filter ?? {};
  return { filter: { ...rest, projectId: projectId ? uuidOf("project", projectId) : null }, page };
}

const keysOf = nestedList(({ installation: runtime, caller }, workspaceIds, listing: Listing) =>
  listApiKeys(runtime, caller, workspaceIds, listingOf(listing)),
);

builder.objectField(WorkspaceType, "apiKeys", (t) =>
  t.connection(
    {
      type: ApiKeyType,
      description: "The API keys of programs and agents for the workspace and its projects, the newest first.",
      args: { filter: t.arg({ type: ApiKeyFilterInput, description: "Which keys." }) },
      resolve: (workspace, listing, context) => keysOf(workspace.id, listing, context),
    },
    ApiKeyConnection,
  ),
);

builder.queryField("installationApiKeys", (t) =>
  t.connection(
    {
      type: ApiKeyType,
      permission: "key.manage",
      description: "The API keys for the whole installation, the newest first.",
      args: { filter: t.arg({ type: ApiKeyFilterInput, description: "Which keys." }) },
      resolve: async (_root, listing, { installation: runtime, caller }) =>
        connectionOf(await listInstallationApiKeys(runtime, caller, listingOf(listing))),
    },
    ApiKeyConnection,
  ),
);
