import { type ContextReader, getReaders } from "@muster/operations/contexts/reader-queries.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { ContextType } from "./context.ts";

export const ContextReaderType = builder.objectRef<ContextReader>("ContextReader").implement({
  permission: "context.read",
  description: "An agent that uses a context.",
  fields: (t) => ({
    agent: t.field({ type: AgentType, description: "The agent.", resolve: (reader) => reader.agentId }),
    version: t.exposeInt("version", {
      nullable: true,
      description: "The newest version that it has loaded; null for an owner that has loaded none.",
    }),
    wouldConfirm: t.exposeBoolean("wouldConfirm", {
      description: "Whether a rollback made now would wait for its answer: it is at work.",
    }),
  }),
});

builder.objectField(ContextType, "readers", (t) =>
  t.loadableGroup({
    type: ContextReaderType,
    description: "The agents that use it, by name: its owner, and those that have read or written it.",
    load: (contextIds: string[], { runtime, caller }) => getReaders(runtime, caller, contextIds),
    group: (reader) => reader.contextId,
    loaderOptions: { cache: false },
    resolve: (context) => context.id,
  }),
);
