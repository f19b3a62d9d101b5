import { registerDefinition } from "@muster/operations/definitions/register-definition.ts";
import { builder } from "../builder.ts";
import { optionalUuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { DefinitionType } from "./definition.ts";

const RegisterDefinitionInput = builder.inputType("RegisterDefinitionInput", {
  description: "An agent definition, whole: what is left out becomes empty.",
  fields: (t) => ({
    workspaceId: t.id({ description: "The workspace it belongs to; left out, the whole installation shares it." }),
    slug: t.string({
      required: true,
      description: "Its name in programs: lower-case letters, digits, '.', '-' and '_'.",
    }),
    name: t.string({ required: true, description: "Its name for people." }),
    type: t.string({ required: true, description: "What kind of agent it is, such as builder." }),
    description: t.string({ description: "What it is for." }),
    capabilities: t.stringList({ required: true, description: "What its agents can do." }),
    configSchema: t.field({
      type: "JSON",
      description: "JSON Schema (draft-07 or 2020-12) of an agent's config; left out, anything goes.",
    }),
    metadata: t.field({ type: "JSON", description: "A JSON object with anything else about it." }),
    enabled: t.boolean({
      description: "Whether new agents can be registered with it; left out, as it is, and true for a new one.",
    }),
  }),
});

mutation("registerDefinition", {
  permission: "definition.register",
  description:
    "Registers an agent definition, or changes the one with this slug. When anything that agents depend on changes, a new immutable version is added.",
  input: RegisterDefinitionInput,
  success: successOf("registerDefinition", DefinitionType),
  resolve: async ({ workspaceId, ...input }, { runtime, caller }) => ({
    data: await registerDefinition(runtime, caller, {
      ...input,
      workspaceId: optionalUuidOf("workspace", workspaceId),
      configSchema: input.configSchema as never,
      metadata: input.metadata as never,
    }),
  }),
});
