import { formatEventId } from "@muster/domain/ids.ts";
import type { StateSpan } from "@muster/operations/agents/state-span.ts";
import { readStateSpans, type StateSpans } from "@muster/operations/agents/state-spans.ts";
import { builder } from "../builder.ts";
import { nestedField } from "../nested-list.ts";
import { AgentStateEnum } from "./agent-enums.ts";
import { AgentType } from "./agent.ts";

const MOST = 500;

const StateSpanType = builder.objectRef<StateSpan>("StateSpan").implement({
  permission: "event.read",
  description: "A part of an agent's past.",
  fields: (t) => ({
    state: t.field({
      type: AgentStateEnum,
      description: "Its state; of a slice with several, the most severe one.",
      resolve: (span) => span.state,
    }),
    from: t.field({ type: "DateTime", description: "When it began.", resolve: (span) => span.from }),
    to: t.field({ type: "DateTime", description: "When it ended, or the range does.", resolve: (span) => span.to }),
    eventId: t.id({
      nullable: true,
      description:
        "The transition that began it, of a slice its first one; null when the agent was in that state before.",
      resolve: ({ eventId }) => eventId && formatEventId(eventId),
    }),
    transitions: t.exposeInt("transitions", {
      description: "How many transitions there are in it: 1 for what one of them began, 0 for what was so before.",
    }),
  }),
});

const StateSpansType = builder.objectRef<StateSpans>("StateSpans").implement({
  permission: "event.read",
  description: "An agent's states over a time, as a bar shows them. The spans follow each other without gaps.",
  fields: (t) => ({
    from: t.field({
      type: "DateTime",
      description: "Where they begin: when the agent was registered, if that is later than what was asked for.",
      resolve: (spans) => spans.from,
    }),
    to: t.field({
      type: "DateTime",
      description: "Where they end; a time to come is taken for the present.",
      resolve: (spans) => spans.to,
    }),
    complete: t.exposeBoolean("complete", {
      description: "False when retention has removed events of that time: then some spans may be wrong.",
    }),
    folded: t.exposeBoolean("folded", {
      description:
        "Whether there were more transitions than spans were asked for. Then the time is cut into half as many equal slices; each that has transitions is one span, which shows the most severe state that the agent was in within it: ERROR before UNRESPONSIVE, OFFLINE, MAINTENANCE, SUSPENDED, DEPLOYING, DECOMMISSIONED, REGISTERED, BUSY, ONLINE, IDLE.",
    }),
    spans: t.field({
      type: [StateSpanType],
      description: "The spans, oldest first.",
      // The field that holds it knows how many.
      complexity: { field: 1, multiplier: 1 },
      resolve: (spans) => [...spans.spans],
    }),
  }),
});

interface Asked {
  readonly since: Date;
  readonly until?: Date | null | undefined;
  readonly most?: number | null | undefined;
}

const spansOf = nestedField(({ runtime, caller }, agentIds, { since, until, most }: Asked) =>
  readStateSpans(runtime, caller, agentIds, { since, until: until ?? null, most: most ?? MOST }),
);

builder.objectField(AgentType, "stateSpans", (t) =>
  t.field({
    type: StateSpansType,
    description: "Its states over a time.",
    args: {
      since: t.arg({ type: "DateTime", required: true, description: "From when on." }),
      until: t.arg({ type: "DateTime", description: "Until when; left out, until now." }),
      most: t.arg.int({
        defaultValue: MOST,
        description:
          "At most so many transitions are shown one by one, 2 to 2000; when there are more, they are folded.",
      }),
    },
    complexity: ({ most }) => ({ field: 20, multiplier: Math.ceil(Math.min(Math.max(most ?? MOST, 1), 2_000) / 5) }),
    resolve: (agent, asked, context) => spansOf(agent.id, asked, context),
  }),
);
