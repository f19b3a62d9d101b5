import type { PageArguments } from "@muster/domain/page.ts";
import { type ContextReading, listReadings } from "@muster/operations/contexts/context-readings.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { nestedList } from "../nested-list.ts";
import { ContextType } from "./context.ts";
import { RollbackConfirmationType } from "./rollback-confirmation.ts";

const ContextReadingType = builder.objectRef<ContextReading>("ContextReading").implement({
  permission: "context.read",
  description: "A context that an agent has read.",
  fields: (t) => ({
    context: t.field({ type: ContextType, description: "The context.", resolve: (reading) => reading.contextId }),
    version: t.exposeInt("version", {
      description: "The newest version that the agent has loaded; 0 when it has read it before the first write only.",
    }),
    at: t.field({ type: "DateTime", description: "When it loaded that version.", resolve: (reading) => reading.at }),
    confirmation: t.field({
      type: RollbackConfirmationType,
      nullable: true,
      description: "Its answer to the context's last rollback; null when it was not asked.",
      resolve: ({ contextId, agentId, answer, answerError, answeredAt, rollbackVersion }) =>
        answer === null || rollbackVersion === null
          ? null
          : { contextId, agentId, version: rollbackVersion, state: answer, error: answerError, answeredAt },
    }),
  }),
});

const ReadingConnection = builder.connectionObject(
  { type: ContextReadingType, name: "ContextReadingConnection", description: "A page of contexts that were read." },
  { name: "ContextReadingEdge", description: "A context that was read in a page." },
);

interface Listing extends PageArguments {
  readonly shared?: boolean | null | undefined;
}

const readingsOf = nestedList(({ runtime, caller }, agentIds, { shared, ...page }: Listing) =>
  listReadings(runtime, caller, agentIds, { shared: shared ?? null, page }),
);

builder.objectField(AgentType, "readContexts", (t) =>
  t.connection(
    {
      type: ContextReadingType,
      description: "The contexts that it has read or written, its own and shared ones, the oldest first.",
      args: {
        shared: t.arg.boolean({ description: "Only those that the project's agents share; false: only its own." }),
      },
      resolve: (agent, listing, context) => readingsOf(agent.id, listing, context),
    },
    ReadingConnection,
  ),
);
