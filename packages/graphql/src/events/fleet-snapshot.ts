import type { PageArguments } from "@muster/domain/page.ts";
import {
  countFleetAt,
  findMoment,
  type FleetMoment,
  type FleetSnapshotAgent,
  type FleetSnapshotFilter,
  knowsFleetAt,
  listFleetAt,
} from "@muster/operations/events/fleet-at.ts";
import { AgentStateEnum } from "../agents/agent-enums.ts";
import { AgentStateCount } from "../agents/agent-lists.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { optionalUuidOf } from "../ids.ts";
import { nestedField, nestedList } from "../nested-list.ts";
import { ProjectType } from "../projects/project.ts";

const FleetSnapshotAgentType = builder.objectRef<FleetSnapshotAgent>("FleetSnapshotAgent").implement({
  permission: "event.read",
  description: "An agent at a time.",
  fields: (t) => ({
    agent: t.field({ type: AgentType, description: "The agent as it is now.", resolve: (row) => row.agent }),
    state: t.field({ type: AgentStateEnum, description: "The state that it had then.", resolve: (row) => row.state }),
    since: t.field({ type: "DateTime", description: "Since when it had that state.", resolve: (row) => row.since }),
  }),
});

const FleetSnapshotAgentConnection = builder.connectionObject(
  { type: FleetSnapshotAgentType, name: "FleetSnapshotAgentConnection", description: "A page of agents at a time." },
  { name: "FleetSnapshotAgentEdge", description: "An agent at a time, in a page." },
);

interface FleetSnapshot {
  readonly projectId: string;
  readonly moment: FleetMoment;
}

export const FleetSnapshotFilterType = builder.inputType("FleetSnapshotFilter", {
  description: "Which agents of the fleet at a time: all that is given has to hold.",
  fields: (t) => ({
    states: t.field({ type: [AgentStateEnum], description: "That were in one of these states then." }),
    search: t.string({ description: "With this in the name that they have now, in any case, or with this id." }),
    definition: t.id({ description: "Of this definition." }),
    definitionSlug: t.string({
      description: "Of the definition with this slug: their workspace's own, else the shared one.",
    }),
    labels: t.field({ type: "JSON", description: "With at least these labels now." }),
  }),
});

type GivenFilter = typeof FleetSnapshotFilterType.$inferInput;

export function snapshotFilterOf(filter: GivenFilter | null | undefined): FleetSnapshotFilter | null {
  if (!filter) return null;
  const { definition, labels, ...rest } = filter;
  return { ...rest, labels: labels as never, definitionId: optionalUuidOf("definition", definition) };
}

interface Counting {
  readonly moment: FleetMoment;
  readonly filter?: GivenFilter | null | undefined;
}

interface Listing extends Counting, PageArguments {}

const agentsThen = nestedList(({ runtime, caller }, projectIds, { moment, filter, ...page }: Listing) =>
  listFleetAt(runtime, caller, moment, projectIds, page, snapshotFilterOf(filter)),
);

const countsThen = nestedField(({ runtime, caller }, projectIds, { moment, filter }: Counting) =>
  countFleetAt(runtime, caller, moment, projectIds, snapshotFilterOf(filter)),
);

const knownThen = nestedField(({ runtime, caller }, projectIds, moment: FleetMoment) =>
  knowsFleetAt(runtime, caller, moment, projectIds),
);

const FleetSnapshotType = builder.objectRef<FleetSnapshot>("FleetSnapshot").implement({
  permission: "event.read",
  description: "The fleet at a time, from the history of its agents.",
  fields: (t) => ({
    at: t.field({
      type: "DateTime",
      description: "The time; a time to come is taken for the present.",
      resolve: ({ moment }) => moment.at,
    }),
    complete: t.boolean({
      description: "False when retention has removed events that this needs: then some states may be wrong.",
      resolve: ({ projectId, moment }, _arguments, context) => knownThen(projectId, moment, context),
    }),
    agents: t.connection(
      {
        type: FleetSnapshotAgentType,
        description: "The agents that existed then, by name.",
        args: { filter: t.arg({ type: FleetSnapshotFilterType, description: "Which agents." }) },
        resolve: ({ projectId, moment }, page, context) => agentsThen(projectId, { moment, ...page }, context),
      },
      FleetSnapshotAgentConnection,
    ),
    counts: t.field({
      type: [AgentStateCount],
      description: "How many agents were in each state; every state is listed.",
      args: { filter: t.arg({ type: FleetSnapshotFilterType, description: "Which agents." }) },
      resolve: ({ projectId, moment }, filtered, context) => countsThen(projectId, { moment, ...filtered }, context),
    }),
  }),
});

const momentOf = nestedField(async ({ runtime, caller }, projectIds, { at }: { at: Date }) => {
  const moment = await findMoment(runtime, caller, at);
  return new Map(projectIds.map((projectId) => [projectId, moment]));
});

builder.objectField(ProjectType, "fleetAt", (t) =>
  t.field({
    type: FleetSnapshotType,
    description: "Its agents and their states at a time.",
    args: { at: t.arg({ type: "DateTime", required: true, description: "The time." }) },
    complexity: 20,
    resolve: async ({ id }, when, context) => ({ projectId: id, moment: await momentOf(id, when, context) }),
  }),
);
