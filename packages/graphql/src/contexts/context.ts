import type { RollbackState } from "@muster/domain/rollback-state.ts";
import { type Context, getContexts } from "@muster/operations/contexts/context-queries.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { rollbackDeadline } from "@muster/operations/contexts/rollbacks/last-rollback.ts";
import { loadedById } from "../loading.ts";
import { ProjectType } from "../projects/project.ts";
import { loadPart } from "./version-data.ts";

export const RollbackStateEnum = builder.enumType("RollbackState", {
  description: "Whether the agents that use a context have loaded the version that it was rolled back to.",
  values: {
    PENDING: { description: "Answers of agents are outstanding." },
    SUCCEEDED: { description: "Every agent has loaded it." },
    FAILED: { description: "An agent could not load it, or did not answer in time." },
  } satisfies Record<RollbackState, { description: string }>,
});

export const ContextType = builder.loadableNodeRef<Context>("Context", {
  id: { resolve: (context) => context.id, description: "Its id, ctx_…" },
  load: (ids, { runtime, caller }) => getContexts(runtime, caller, ids),
  ...loadedById,
});

ContextType.implement({
  permission: "context.read",
  description: "Named, versioned memory: of one agent, or shared by the agents of a project.",
  fields: (t) => ({
    project: t.field({
      type: ProjectType,
      description: "The project it belongs to.",
      resolve: (context) => context.projectId,
    }),
    agent: t.field({
      type: AgentType,
      nullable: true,
      description: "The agent whose memory it is; null when the project's agents share it.",
      resolve: (context) => context.agentId,
    }),
    name: t.exposeString("name", {
      description: "Its name, unique for its agent, or among the project's shared ones.",
    }),
    currentVersion: t.exposeInt("currentVersion", {
      description: "The newest version's number; 0 before the first write.",
    }),
    data: t.field({
      type: "JSON",
      nullable: true,
      description:
        "The newest version's data, or a part of it; null before the first write, and where the pointer leads to nothing.",
      args: {
        pointer: t.arg.string({ description: "A JSON Pointer (RFC 6901), as in /notes/0; the whole data without." }),
      },
      complexity: 100,
      resolve: (context, { pointer }, request) =>
        loadPart(request, { contextId: context.id, number: context.currentVersion }, pointer),
    }),
    rollbackState: t.field({
      type: RollbackStateEnum,
      nullable: true,
      description: "How the last rollback stands; null when there was none.",
      resolve: (context) => context.rollbackState,
    }),
    rollbackPointer: t.exposeInt("rollbackPointer", {
      nullable: true,
      description: "The version whose data the last rollback went back to.",
    }),
    rollbackVersion: t.exposeInt("rollbackVersion", {
      nullable: true,
      description: "The version that the last rollback appended: writes based on older ones are refused.",
    }),
    rollbackSince: t.field({
      type: "DateTime",
      nullable: true,
      description: "Since when the last rollback waits for its agents: when it was made, or last retried.",
      resolve: (context) => context.rollbackSince,
    }),
    rollbackDeadline: t.field({
      type: "DateTime",
      nullable: true,
      description: "When the last rollback fails unless its agents have answered; null unless it is PENDING.",
      resolve: (context, _arguments, { runtime }) => rollbackDeadline(context, runtime.settings),
    }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was first opened.",
      resolve: (context) => context.createdAt,
    }),
  }),
});
