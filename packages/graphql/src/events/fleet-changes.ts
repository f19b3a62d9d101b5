import { formatEventId } from "@muster/domain/ids.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { knowsFleetAt } from "@muster/operations/events/fleet-at.ts";
import {
  findSpan,
  type FleetChange,
  type FleetSpan,
  listFleetChanges,
} from "@muster/operations/events/fleet-changes.ts";
import type { CountedPage } from "@muster/operations/page-query.ts";
import { AgentStateEnum } from "../agents/agent-enums.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { connectionOf } from "../connection.ts";
import { nestedField } from "../nested-list.ts";
import { ProjectType } from "../projects/project.ts";
import { FleetSnapshotFilterType, snapshotFilterOf } from "./fleet-snapshot.ts";

const FleetChangeType = builder.objectRef<FleetChange>("FleetChange").implement({
  permission: "event.read",
  description: "What became of an agent between two moments.",
  fields: (t) => ({
    agent: t.field({ type: AgentType, description: "The agent as it is now.", resolve: (change) => change.agent }),
    stateBefore: t.field({
      type: AgentStateEnum,
      nullable: true,
      description: "Its state at the first moment; null: it was registered later.",
      resolve: (change) => change.stateBefore,
    }),
    stateAfter: t.field({
      type: AgentStateEnum,
      description: "Its state at the second moment.",
      resolve: (change) => change.stateAfter,
    }),
    transitions: t.exposeInt("transitions", { description: "How often it moved in between." }),
    lastEventId: t.id({
      nullable: true,
      description: "The last of these transitions; null when it was only registered.",
      resolve: ({ last }) => last && formatEventId(last.eventId),
    }),
    lastAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When that was.",
      resolve: ({ last }) => last && last.at,
    }),
    lastReason: t.string({
      nullable: true,
      description: "Why, as far as somebody said.",
      resolve: ({ last }) => last && last.reason,
    }),
  }),
});

interface Listed {
  readonly projectId: string;
  readonly span: FleetSpan;
}

const FleetChangeConnection = builder.connectionObject(
  {
    type: FleetChangeType,
    name: "FleetChangeConnection",
    description: "A page of what became of agents between two moments.",
    fields: (t) => ({
      from: t.field({
        type: "DateTime",
        description: "The first moment.",
        resolve: (listed) => (listed as unknown as Listed).span.from.at,
      }),
      to: t.field({
        type: "DateTime",
        description: "The second moment; a time to come is taken for the present.",
        resolve: (listed) => (listed as unknown as Listed).span.to.at,
      }),
      complete: t.boolean({
        description:
          "False when retention has removed events that this needs: then some states and numbers may be wrong.",
        resolve: (listed, _arguments, context) => {
          const { projectId, span } = listed as unknown as Listed;
          return knownSince(projectId, span.from, context);
        },
      }),
    }),
  },
  { name: "FleetChangeEdge", description: "What became of an agent, in a page." },
);

const knownSince = nestedField(({ runtime, caller }, projectIds, from: FleetSpan["from"]) =>
  knowsFleetAt(runtime, caller, from, projectIds),
);

interface Listing extends PageArguments {
  readonly from: Date;
  readonly to: Date;
  readonly filter?: typeof FleetSnapshotFilterType.$inferInput | null | undefined;
}

interface Changes {
  readonly span: FleetSpan;
  readonly page: CountedPage<FleetChange>;
}

const changesOf = nestedField(async ({ runtime, caller }, projectIds, { from, to, filter, ...page }: Listing) => {
  const span = await findSpan(runtime, caller, from, to);
  const pages = await listFleetChanges(runtime, caller, span, projectIds, page, snapshotFilterOf(filter));
  return new Map<string, Changes>([...pages].map(([projectId, found]) => [projectId, { span, page: found }]));
});

builder.objectField(ProjectType, "fleetChanges", (t) =>
  t.connection(
    {
      type: FleetChangeType,
      description: "Its agents that moved or were registered between two moments, by name.",
      args: {
        from: t.arg({ type: "DateTime", required: true, description: "The first moment." }),
        to: t.arg({ type: "DateTime", required: true, description: "The second moment, which is later." }),
        filter: t.arg({ type: FleetSnapshotFilterType, description: "Which agents; of its states, at either moment." }),
      },
      resolve: async ({ id }, listing, context) => {
        const { span, page } = await changesOf(id, listing, context);
        return { ...connectionOf(page), projectId: id, span };
      },
    },
    FleetChangeConnection,
  ),
);
