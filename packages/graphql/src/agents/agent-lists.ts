import type { AgentState } from "@muster/domain/agent-lifecycle.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import type { AgentFilterInput } from "@muster/operations/agents/agent-filter.ts";
import {
  type AgentOrder,
  type AgentOrderField,
  countAgentsByState,
  listAgents,
} from "@muster/operations/agents/agent-queries.ts";
import { builder } from "../builder.ts";
import { DefinitionType } from "../definitions/definition.ts";
import { knownUuidsOf, optionalUuidOf } from "../ids.ts";
import { nestedField, nestedList } from "../nested-list.ts";
import { OrderDirectionEnum } from "../order-direction.ts";
import { ProjectType } from "../projects/project.ts";
import { AgentStateEnum } from "./agent-enums.ts";
import { AgentType } from "./agent.ts";

export const AgentFilterType = builder.inputType("AgentFilter", {
  description: "Which agents: all that is given has to hold.",
  fields: (t) => ({
    ids: t.idList({ description: "One of these." }),
    states: t.field({ type: [AgentStateEnum], description: "In one of these states." }),
    capabilities: t.stringList({ description: "With all of these capabilities." }),
    definition: t.id({ description: "Of this definition." }),
    definitionSlug: t.string({
      description: "Of the definition with this slug: their workspace's own, else the shared one.",
    }),
    definitionVersion: t.int({ description: "With this version of their definition." }),
    labels: t.field({ type: "JSON", description: "With at least these labels." }),
    search: t.string({ description: "With this in the name, in any case, or with this id." }),
    available: t.boolean({ description: "Whether it can be given a task now." }),
  }),
});

const AgentOrderType = builder.inputType("AgentOrder", {
  description: "In which order.",
  fields: (t) => ({
    field: t.field({
      type: builder.enumType("AgentOrderField", {
        description: "What agents can be ordered by.",
        values: {
          NAME: { description: "Their name." },
          STATE_SINCE: { description: "Since when they are in their state." },
          CREATED_AT: { description: "When they were registered." },
        } satisfies Record<AgentOrderField, { description: string }>,
      }),
      required: true,
      description: "By what.",
    }),
    direction: t.field({ type: OrderDirectionEnum, required: true, description: "Which end first." }),
  }),
});

export const AgentStateCount = builder.objectRef<{ state: AgentState; count: number }>("AgentStateCount").implement({
  permission: "agent.read",
  description: "How many agents are in a state.",
  fields: (t) => ({
    state: t.field({ type: AgentStateEnum, description: "The state.", resolve: (row) => row.state }),
    count: t.exposeInt("count", { description: "How many." }),
  }),
});

const AgentConnection = builder.connectionObject(
  { type: AgentType, name: "AgentConnection", description: "A page of agents." },
  { name: "AgentEdge", description: "An agent in a page." },
);

type GivenFilter = typeof AgentFilterType.$inferInput;

/** Ids that cannot be are like ids of nothing: they match no agent. */
export function agentFilterOf(filter: GivenFilter | null | undefined): AgentFilterInput | null {
  if (!filter) return null;
  const { definition, ids, labels, ...rest } = filter;
  return {
    ...rest,
    labels: labels as never,
    ids: ids && knownUuidsOf("agent", ids),
    definitionId: optionalUuidOf("definition", definition),
  };
}

interface Filtered {
  readonly filter?: GivenFilter | null | undefined;
}

interface Listing extends Filtered, PageArguments {
  readonly orderBy?: AgentOrder | null | undefined;
}

const agentsOfProject = nestedList(({ runtime, caller }, projectIds, { filter, orderBy, ...page }: Listing) =>
  listAgents(runtime, caller, { projectIds }, { filter: agentFilterOf(filter), orderBy: orderBy ?? null, page }),
);

builder.objectField(ProjectType, "agents", (t) =>
  t.connection(
    {
      type: AgentType,
      description: "Its agents, by name unless another order is asked for.",
      args: {
        filter: t.arg({ type: AgentFilterType, description: "Which agents." }),
        orderBy: t.arg({ type: AgentOrderType, description: "In which order." }),
      },
      resolve: (project, listing, context) => agentsOfProject(project.id, listing, context),
    },
    AgentConnection,
  ),
);

const agentCountsOf = nestedField(({ runtime, caller }, projectIds, { filter }: Filtered) =>
  countAgentsByState(runtime, caller, projectIds, agentFilterOf(filter)),
);

builder.objectField(ProjectType, "agentCounts", (t) =>
  t.field({
    type: [AgentStateCount],
    description: "How many of its agents are in each state; every state is listed.",
    args: { filter: t.arg({ type: AgentFilterType, description: "Which agents." }) },
    resolve: (project, filtered, context) => agentCountsOf(project.id, filtered, context),
  }),
);

const agentsOfDefinition = nestedList(({ runtime, caller }, definitionIds, page: PageArguments) =>
  listAgents(runtime, caller, { definitionIds }, { page }),
);

builder.objectField(DefinitionType, "agents", (t) =>
  t.connection(
    {
      type: AgentType,
      description: "The agents of this definition that the viewer may see.",
      resolve: (definition, page, context) => agentsOfDefinition(definition.id, page, context),
    },
    AgentConnection,
  ),
);
