import { type AgentChannel, type AgentHealth, readAgentHealth } from "@muster/operations/agents/agent-health.ts";
import { builder } from "../builder.ts";
import { nestedField } from "../nested-list.ts";
import { AgentType } from "./agent.ts";

const AgentChannelEnum = builder.enumType("AgentChannel", {
  description: "Whether work reaches an agent's process.",
  values: {
    OK: { description: "It starts what it is given." },
    BROKEN: {
      description:
        "It did not start what it was given, several times in a row: it is given nothing until it connects or listens anew.",
    },
  } satisfies Record<AgentChannel, { description: string }>,
});

const AgentHealthType = builder.objectRef<AgentHealth>("AgentHealth").implement({
  permission: "agent.read",
  description: "The signs of life of an agent, and what Muster makes of them.",
  fields: (t) => ({
    load: t.exposeFloat("load", {
      nullable: true,
      description: "How busy its process says it is, in its own measure; null when it says nothing.",
    }),
    lastHeartbeatAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When the process that speaks for it gave its last sign of life.",
      resolve: (health) => health.lastHeartbeatAt,
    }),
    heartbeatTimeoutMs: t.exposeInt("heartbeatTimeoutMs", {
      description: "After so long without a sign of life an agent at work becomes UNRESPONSIVE.",
    }),
    missedOffers: t.exposeInt("missedOffers", {
      description: "How many tasks in a row it was given and did not start in time.",
    }),
    missedOffersLimit: t.exposeInt("missedOffersLimit", {
      description: "With so many its channel counts as broken, and an agent at work becomes UNRESPONSIVE.",
    }),
    channel: t.field({
      type: AgentChannelEnum,
      nullable: true,
      description: "Whether work reaches its process; null while none has connected yet.",
      resolve: (health) => health.channel,
    }),
    incarnation: t.exposeInt("incarnation", {
      description: "The number of the process that speaks for it; 0 before the first.",
    }),
    connectedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When that process connected; null before the first, and when retention has removed the event.",
      resolve: (health) => health.connectedAt,
    }),
  }),
});

const healthOf = nestedField(({ runtime, caller }, agentIds) => readAgentHealth(runtime, caller, agentIds));

builder.objectField(AgentType, "health", (t) =>
  t.field({
    type: AgentHealthType,
    description: "Its signs of life.",
    resolve: (agent, _arguments, context) => healthOf(agent.id, {}, context),
  }),
);
