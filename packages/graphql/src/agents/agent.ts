import { mayIn } from "@muster/domain/actor.ts";
import { agentLifecycle } from "@muster/domain/agent-lifecycle.ts";
import { allowedActions } from "@muster/domain/lifecycle.ts";
import { type Agent, isAvailable } from "@muster/operations/agents/agent.ts";
import { getAgents, getLastHeartbeats } from "@muster/operations/agents/agent-queries.ts";
import { builder } from "../builder.ts";
import { DefinitionType } from "../definitions/definition.ts";
import { loadedById } from "../loading.ts";
import { ProjectType } from "../projects/project.ts";
import { AgentActionEnum, AgentStateEnum } from "./agent-enums.ts";

export const AgentType = builder.loadableNodeRef<Agent>("Agent", {
  id: { resolve: (agent) => agent.id, description: "Its id, agent_…" },
  load: (ids, { runtime, caller }) => getAgents(runtime, caller, ids),
  ...loadedById,
});

AgentType.implement({
  permission: "agent.read",
  description: "An instance of a definition in a project. Its work is done by a process of its own.",
  fields: (t) => ({
    project: t.field({
      type: ProjectType,
      description: "The project it works in.",
      resolve: (agent) => agent.projectId,
    }),
    name: t.exposeString("name", { description: "Its name, unique in the project." }),
    definition: t.field({
      type: DefinitionType,
      description: "What it is an instance of.",
      resolve: (agent) => agent.definitionId,
    }),
    definitionVersion: t.exposeInt("definitionVersion", { description: "The version of the definition that it has." }),
    state: t.field({ type: AgentStateEnum, description: "Its present state.", resolve: (agent) => agent.state }),
    stateSince: t.field({
      type: "DateTime",
      description: "Since when it is in this state.",
      resolve: (agent) => agent.stateSince,
    }),
    version: t.exposeInt("version", { description: "Rises by one with each transition." }),
    availableActions: t.field({
      type: [AgentActionEnum],
      description: "What the viewer may ask for now; empty for those who may not ask for anything.",
      resolve: (agent, _arguments, { caller }) =>
        mayIn(caller.actor, "agent.transition", agent.workspaceId, agent.projectId)
          ? allowedActions(agentLifecycle, agent.state, "operator")
          : [],
    }),
    pendingAction: t.field({
      type: AgentActionEnum,
      nullable: true,
      description: "The action that fires when its last task ends: it is draining towards it.",
      resolve: (agent) => agent.pendingAction,
    }),
    pendingReason: t.exposeString("pendingReason", { nullable: true, description: "Why that was asked for." }),
    pendingSince: t.field({
      type: "DateTime",
      nullable: true,
      description: "Since when it drains.",
      resolve: (agent) => agent.pendingSince,
    }),
    capabilities: t.exposeStringList("capabilities", {
      description: "What it can do: the definition's, and what its process declared.",
    }),
    labels: t.field({ type: "JSON", description: "Its labels, an object of texts.", resolve: (agent) => agent.labels }),
    config: t.field({ type: "JSON", description: "Its configuration.", resolve: (agent) => agent.config }),
    configVersion: t.exposeInt("configVersion", { description: "Rises by one when the configuration changes." }),
    maxConcurrency: t.exposeInt("maxConcurrency", { description: "How many tasks it may hold at once." }),
    activeTasks: t.exposeInt("activeTasks", { description: "How many tasks it holds." }),
    available: t.boolean({
      description: "Whether it can be given a task now: at work, with room, nothing pending, and answering.",
      resolve: (agent, _arguments, { runtime }) => isAvailable(agent, runtime.settings),
    }),
    incarnation: t.exposeInt("incarnation", {
      description: "The number of the process that speaks for it; 0 before the first.",
    }),
    lastHeartbeatAt: t.loadable({
      type: "DateTime",
      nullable: true,
      description: "When it last gave a sign of life.",
      load: async (ids: string[], { runtime, caller }) => {
        const found = new Map((await getLastHeartbeats(runtime, caller, ids)).map((row) => [row.agentId, row.at]));
        return ids.map((id) => found.get(id) ?? null) as Date[];
      },
      loaderOptions: { cache: false },
      resolve: (agent) => agent.id,
    }),
    lastError: t.exposeString("lastError", { nullable: true, description: "What went wrong last, in its own words." }),
    errorCount: t.exposeInt("errorCount", { description: "How often it went to ERROR." }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was registered.",
      resolve: (agent) => agent.createdAt,
    }),
  }),
});
