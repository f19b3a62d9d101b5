import type { PageArguments } from "@muster/domain/page.ts";
import {
  type Definition,
  findDefinitions,
  getDefinitions,
  listDefinitions,
} from "@muster/operations/definitions/definition-queries.ts";
import { builder } from "../builder.ts";
import { loadedById } from "../loading.ts";
import { nestedField, nestedList } from "../nested-list.ts";
import { ProjectType } from "../projects/project.ts";

export const DefinitionType = builder.loadableNodeRef<Definition>("AgentDefinition", {
  id: { resolve: (definition) => definition.id, description: "Its id, def_…" },
  load: (ids, { runtime, caller }) => getDefinitions(runtime, caller, ids),
  ...loadedById,
});

DefinitionType.implement({
  permission: "definition.read",
  description: "What an agent can be. Shared by the whole installation, or of one workspace.",
  fields: (t) => ({
    slug: t.exposeString("slug", { description: "Its name in programs and paths." }),
    name: t.exposeString("name", { description: "Its name for people." }),
    type: t.exposeString("type", { description: "What kind of agent it is, such as builder." }),
    description: t.exposeString("description", { nullable: true, description: "What it is for." }),
    capabilities: t.exposeStringList("capabilities", { description: "What its agents can do." }),
    configSchema: t.field({
      type: "JSON",
      description: "The JSON Schema that an agent's config has to match.",
      resolve: (definition) => definition.configSchema,
    }),
    metadata: t.field({
      type: "JSON",
      description: "Anything else about it.",
      resolve: (definition) => definition.metadata,
    }),
    enabled: t.exposeBoolean("enabled", { description: "Whether new agents can be registered with it." }),
    version: t.exposeInt("version", { description: "The number of its newest version." }),
    shared: t.boolean({
      description: "Whether the whole installation shares it, rather than one workspace.",
      resolve: (definition) => definition.workspaceId === null,
    }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was registered.",
      resolve: (definition) => definition.createdAt,
    }),
    updatedAt: t.field({
      type: "DateTime",
      description: "When it last changed.",
      resolve: (definition) => definition.updatedAt,
    }),
  }),
});

const DefinitionConnection = builder.connectionObject(
  { type: DefinitionType, name: "AgentDefinitionConnection", description: "A page of agent definitions." },
  { name: "AgentDefinitionEdge", description: "An agent definition in a page." },
);

const definitionsOf = nestedList(({ runtime, caller }, workspaceIds, page: PageArguments) =>
  listDefinitions(runtime, caller, workspaceIds, page),
);

builder.objectField(ProjectType, "definitions", (t) =>
  t.connection(
    {
      type: DefinitionType,
      description: "The definitions that its agents can have: the workspace's own and the shared ones, by slug.",
      resolve: (project, page, context) => definitionsOf(project.workspaceId, page, context),
    },
    DefinitionConnection,
  ),
);

const definitionOf = nestedField(({ runtime, caller }, projectIds, { slug }: { slug: string }) =>
  findDefinitions(runtime, caller, projectIds, slug),
);

builder.objectField(ProjectType, "definition", (t) =>
  t.field({
    type: DefinitionType,
    nullable: true,
    description:
      "The definition that agents are registered with under this slug: the workspace's own, else the shared one.",
    args: { slug: t.arg.string({ required: true, description: "Its slug." }) },
    resolve: async (project, given, context) => (await definitionOf(project.id, given, context)) ?? null,
  }),
);
