import type { PageArguments } from "@muster/domain/page.ts";
import { listContexts } from "@muster/operations/contexts/context-queries.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { optionalUuidOf } from "../ids.ts";
import { nestedList } from "../nested-list.ts";
import { ProjectType } from "../projects/project.ts";
import { ContextType, RollbackStateEnum } from "./context.ts";

const ContextFilterInput = builder.inputType("ContextFilter", {
  description: "Which contexts; what is left out does not matter.",
  fields: (t) => ({
    agent: t.id({ description: "Only the memory of this agent." }),
    shared: t.boolean({
      description: "Only those that the project's agents share; false: only the memory of agents.",
    }),
    search: t.string({ description: "Part of the name, in any case." }),
    rollbackStates: t.field({
      type: [RollbackStateEnum],
      description: "Only those whose last rollback is in one of these states.",
    }),
  }),
});

export const ContextConnection = builder.connectionObject(
  { type: ContextType, name: "ContextConnection", description: "A page of contexts." },
  { name: "ContextEdge", description: "A context in a page." },
);

interface Listing extends PageArguments {
  readonly filter?: typeof ContextFilterInput.$inferInput | null | undefined;
}

const contextsOfProject = nestedList(({ runtime, caller }, projectIds, { filter, ...page }: Listing) => {
  const { agent, ...rest } = filter ?? {};
  return listContexts(runtime, caller, { projectIds }, { ...rest, agentId: optionalUuidOf("agent", agent) }, page);
});

builder.objectField(ProjectType, "contexts", (t) =>
  t.connection(
    {
      type: ContextType,
      description: "The contexts of the project, shared ones and those of agents, by name.",
      args: { filter: t.arg({ type: ContextFilterInput, description: "Only those that match." }) },
      resolve: (project, listing, context) => contextsOfProject(project.id, listing, context),
    },
    ContextConnection,
  ),
);

const contextsOfAgent = nestedList(({ runtime, caller }, agentIds, page: PageArguments) =>
  listContexts(runtime, caller, { agentIds }, {}, page),
);

builder.objectField(AgentType, "contexts", (t) =>
  t.connection(
    {
      type: ContextType,
      description: "The agent's own contexts, by name; not those that the project shares.",
      resolve: (agent, page, context) => contextsOfAgent(agent.id, page, context),
    },
    ContextConnection,
  ),
);
