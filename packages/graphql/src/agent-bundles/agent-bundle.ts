import type { PageArguments } from "@muster/domain/page.ts";
import {
  type AgentBundle,
  type BundleChange,
  getBundleNumbers,
  getBundleStates,
  listBundles,
} from "@muster/operations/agent-bundles/bundle-queries.ts";
import type { BundledContext, BundleState } from "@muster/operations/agent-bundles/bundle-state.ts";
import { ActorType } from "../actors.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { ContextVersionType, keyOf } from "../contexts/context-version.ts";
import { ContextType } from "../contexts/context.ts";
import { nestedField, nestedList } from "../nested-list.ts";

const BundleChangeEnum = builder.enumType("AgentBundleChange", {
  description: "What a bundle has that the one before it had not.",
  values: {
    REGISTRATION: { description: "The agent: it is the first." },
    DEFINITION_VERSION: { description: "Another version of its definition." },
    CONFIG: { description: "Another configuration." },
    LIMITS: { description: "Another maxConcurrency." },
    CONTEXT: { description: "A new version of one of its own contexts." },
  } satisfies Record<BundleChange, { description: string }>,
});

const AgentBundleType = builder.objectRef<AgentBundle>("AgentBundle").implement({
  permission: "agent.read",
  description:
    "A numbered change of what makes an agent what it is: its definition version, config, limits and own contexts.",
  fields: (t) => ({
    number: t.exposeInt("number", { description: "1, 2, 3, …" }),
    changes: t.field({
      type: [BundleChangeEnum],
      description: "What has changed.",
      resolve: (bundle) => [...bundle.changes],
    }),
    version: t.field({
      type: ContextVersionType,
      nullable: true,
      description: "The version that one of its own contexts has from then on, where that is the change.",
      resolve: ({ contextId, contextVersion }) =>
        contextId === null || contextVersion === null ? null : keyOf({ contextId, number: contextVersion }),
    }),
    rolledBackTo: t.exposeInt("rolledBackTo", {
      nullable: true,
      description: "Set where rollBackAgent made it: the bundle that it went back to.",
    }),
    reason: t.exposeString("reason", { nullable: true, description: "Why, of rollbacks." }),
    author: t.field({ type: ActorType, description: "Who did it.", resolve: (bundle) => bundle.author }),
    createdAt: t.field({ type: "DateTime", description: "When it was made.", resolve: (bundle) => bundle.createdAt }),
  }),
});

const AgentBundleConnection = builder.connectionObject(
  { type: AgentBundleType, name: "AgentBundleConnection", description: "A page of bundles." },
  { name: "AgentBundleEdge", description: "A bundle in a page." },
);

const BundledContextType = builder.objectRef<BundledContext>("AgentBundleContext").implement({
  permission: "agent.read",
  description: "One of an agent's own contexts, as a bundle has it.",
  fields: (t) => ({
    context: t.field({ type: ContextType, description: "The context.", resolve: ({ contextId }) => contextId }),
    version: t.field({
      type: ContextVersionType,
      description: "Its version at that time.",
      resolve: ({ contextId, version }) => keyOf({ contextId, number: version }),
    }),
  }),
});

const BundleStateType = builder.objectRef<BundleState>("AgentBundleState").implement({
  permission: "agent.read",
  description: "All that an agent was at a bundle.",
  fields: (t) => ({
    number: t.exposeInt("number", { description: "The bundle's number." }),
    definitionVersion: t.exposeInt("definitionVersion", { description: "The version of its definition." }),
    config: t.field({ type: "JSON", description: "Its configuration.", resolve: (state) => state.config }),
    maxConcurrency: t.exposeInt("maxConcurrency", { description: "How many tasks it was allowed to hold at once." }),
    contexts: t.field({
      type: [BundledContextType],
      description: "Its own contexts that were written by then, by name.",
      resolve: (state) => [...state.contexts],
    }),
  }),
});

const numberOf = nestedField<Record<string, never>, number>(({ runtime, caller }, agentIds) =>
  getBundleNumbers(runtime, caller, agentIds),
);

const bundlesOf = nestedList(({ runtime, caller }, agentIds, page: PageArguments) =>
  listBundles(runtime, caller, agentIds, page),
);

const stateOf = nestedField(({ runtime, caller }, agentIds, { number }: { number: number }) =>
  getBundleStates(runtime, caller, agentIds, number),
);

builder.objectFields(AgentType, (t) => ({
  bundle: t.int({
    description:
      "The number of its newest bundle: it rises with each change of its definition version, config, limits and own contexts.",
    resolve: async (agent, _arguments, context) => (await numberOf(agent.id, {}, context)) ?? 0,
  }),
  bundles: t.connection(
    {
      type: AgentBundleType,
      description: "Its bundles, the newest first. An agent sees its own alone.",
      resolve: (agent, page, context) => bundlesOf(agent.id, page, context),
    },
    AgentBundleConnection,
  ),
  bundleAt: t.field({
    type: BundleStateType,
    description: "All that it was at one of its bundles.",
    args: { number: t.arg.int({ required: true, description: "The bundle's number." }) },
    complexity: 20,
    resolve: (agent, { number }, context) => stateOf(agent.id, { number }, context),
  }),
}));
