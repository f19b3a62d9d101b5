import type { AgentState } from "@muster/domain/agent-lifecycle.ts";
import { type FleetSnapshot, type FleetSnapshotAgent, fleetAt } from "@muster/operations/events/fleet-at.ts";
import { AgentStateEnum } from "../agents/agent-enums.ts";
import { AgentStateCount } from "../agents/agent-lists.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { connectionOf } from "../connection.ts";
import { ProjectType } from "../projects/project.ts";

const FleetSnapshotAgentType = builder.objectRef<FleetSnapshotAgent>("FleetSnapshotAgent").implement({
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

const FleetSnapshotType = builder.objectRef<FleetSnapshot>("FleetSnapshot").implement({
  description: "The fleet at a time, from the history of its agents.",
  fields: (t) => ({
    at: t.field({
      type: "DateTime",
      description: "The time; a time to come is taken for the present.",
      resolve: (fleet) => fleet.at,
    }),
    complete: t.exposeBoolean("complete", {
      description: "False when retention has removed events that this needs: then some states may be wrong.",
    }),
    agents: t.connection(
      {
        type: FleetSnapshotAgentType,
        description: "The agents that existed then, by name.",
        resolve: async (fleet, page) => connectionOf(await fleet.agents(page)),
      },
      FleetSnapshotAgentConnection,
    ),
    counts: t.field({
      type: [AgentStateCount],
      description: "How many agents were in each state; every state is listed.",
      resolve: (fleet): Promise<{ state: AgentState; count: number }[]> => fleet.counts(),
    }),
  }),
});

builder.objectField(ProjectType, "fleetAt", (t) =>
  t.field({
    type: FleetSnapshotType,
    description: "Its agents and their states at a time.",
    args: { at: t.arg({ type: "DateTime", required: true, description: "The time." }) },
    complexity: 20,
    resolve: (project, { at }, { runtime, caller }) => fleetAt(runtime, caller, project.id, at),
  }),
);
