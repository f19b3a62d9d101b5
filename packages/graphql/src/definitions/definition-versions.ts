import { NotFound } from "@muster/domain/errors.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { countAgentsByVersion, type VersionCount } from "@muster/operations/definitions/count-agents-by-version.ts";
import {
  type DefinitionVersion,
  findDefinitionVersions,
  listDefinitionVersions,
  readVersionAuthors,
  type VersionAuthor,
  versionKey,
} from "@muster/operations/definitions/definition-versions.ts";
import { findProject } from "@muster/operations/projects/project-queries.ts";
import { ActorType } from "../actors.ts";
import { builder } from "../builder.ts";
import { optionalUuidOf } from "../ids.ts";
import { nestedField, nestedList } from "../nested-list.ts";
import type { RequestContext } from "../request-context.ts";
import { DefinitionType } from "./definition.ts";

interface OfProject {
  readonly project?: string | null | undefined;
}

const countsOf = nestedField(async ({ runtime, caller }, definitionIds, { project }: OfProject) => {
  const projectId = project?.includes("/")
    ? (await findProject(runtime, caller, project))?.id
    : optionalUuidOf("project", project);
  if (projectId === undefined) throw new NotFound("project");
  return countAgentsByVersion(runtime, caller, definitionIds, projectId);
});

const authorsOf = nestedField(async ({ runtime, caller }, definitionIds, _arguments: Record<string, never>) => {
  const found = await readVersionAuthors(runtime, caller, definitionIds);
  return new Map(definitionIds.map((id) => [id, found]));
});

const VersionType = builder.objectRef<DefinitionVersion>("AgentDefinitionVersion").implement({
  permission: "definition.read",
  description: "An immutable edition of a definition. An agent keeps the one it has until it is given another.",
  fields: (t) => ({
    number: t.int({ description: "1, 2, 3, …", resolve: (edition) => edition.version }),
    type: t.exposeString("type", { description: "What kind of agent it is, such as builder." }),
    capabilities: t.exposeStringList("capabilities", { description: "What its agents can do." }),
    configSchema: t.field({
      type: "JSON",
      description: "The JSON Schema that an agent's config has to match.",
      resolve: (edition) => edition.configSchema,
    }),
    metadata: t.field({ type: "JSON", description: "Anything else about it.", resolve: (edition) => edition.metadata }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was added.",
      resolve: (edition) => edition.createdAt,
    }),
    author: t.field({
      type: ActorType,
      nullable: true,
      description: "Who added it; null when retention has removed the event.",
      resolve: (edition, _arguments, context) => authorOf(edition, context),
    }),
    agentCount: t.int({
      description: "How many agents have it that the viewer may see, without decommissioned ones.",
      args: { project: t.arg.id({ description: "Only those of this project: its id, or its path, as in demo/app." }) },
      resolve: async ({ definitionId, version }, of, context) =>
        (await countsOf(definitionId, of, context)).find((count) => count.version === version)?.agents ?? 0,
    }),
  }),
});

async function authorOf(edition: DefinitionVersion, context: RequestContext): Promise<VersionAuthor | null> {
  const authors = await authorsOf(edition.definitionId, {}, context);
  return authors.get(versionKey(edition)) ?? null;
}

const VersionConnection = builder.connectionObject(
  { type: VersionType, name: "AgentDefinitionVersionConnection", description: "A page of versions of a definition." },
  { name: "AgentDefinitionVersionEdge", description: "A version of a definition, in a page." },
);

const versionsOf = nestedList(({ runtime, caller }, definitionIds, page: PageArguments) =>
  listDefinitionVersions(runtime, caller, definitionIds, page),
);

const versionOf = nestedField(({ runtime, caller }, definitionIds, { number }: { number: number }) =>
  findDefinitionVersions(runtime, caller, definitionIds, number),
);

const VersionCountType = builder.objectRef<VersionCount>("AgentDefinitionVersionCount").implement({
  permission: "agent.read",
  description: "How many agents have a version of a definition.",
  fields: (t) => ({
    version: t.exposeInt("version", { description: "The version's number." }),
    agents: t.exposeInt("agents", { description: "How many have it." }),
  }),
});

builder.objectFields(DefinitionType, (t) => ({
  versions: t.connection(
    {
      type: VersionType,
      description: "Its versions, newest first.",
      resolve: (definition, page, context) => versionsOf(definition.id, page, context),
    },
    VersionConnection,
  ),
  edition: t.field({
    type: VersionType,
    nullable: true,
    description: "One of its versions; null when there is none with this number.",
    args: { number: t.arg.int({ required: true, description: "The version's number." }) },
    resolve: async (definition, given, context) => (await versionOf(definition.id, given, context)) ?? null,
  }),
  agentsByVersion: t.field({
    type: [VersionCountType],
    description:
      "How many agents have each of its versions that the viewer may see, newest version first; without versions that nobody has, and without decommissioned agents.",
    args: { project: t.arg.id({ description: "Only those of this project: its id, or its path, as in demo/app." }) },
    resolve: async (definition, of, context) => [...(await countsOf(definition.id, of, context))],
  }),
}));
