import { Conflict, IllegalTransition, LimitExceeded } from "@muster/domain/errors.ts";
import { parseId } from "@muster/domain/ids.ts";
import type { Agent } from "@muster/operations/agents/agent.ts";
import { connectAgent } from "@muster/operations/agents/connect-agent.ts";
import { failAgent } from "@muster/operations/agents/fail-agent.ts";
import { heartbeat, type HeartbeatAnswer } from "@muster/operations/agents/heartbeat.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { ANSWERS_A_MUTATION } from "../permissions.ts";
import { AgentType } from "./agent.ts";
import { TaskReferenceType, TaskRefInput } from "./task-reference.ts";

const AgentConnected = builder.objectRef<{ agent: Agent; incarnation: number }>("AgentConnected").implement({
  permission: ANSWERS_A_MUTATION,
  description: "A process speaks for the agent from now on.",
  fields: (t) => ({
    agent: t.field({ type: AgentType, description: "The agent.", resolve: (connected) => connected.agent }),
    incarnation: t.exposeInt("incarnation", { description: "The number of this process. The newest wins." }),
  }),
});

mutation("connectAgent", {
  permission: "agent.act",
  description:
    "A new process speaks for the agent: it gets the next incarnation, older ones are superseded and their tasks go back.",
  input: builder.inputType("ConnectAgentInput", {
    description: "Which agent's process this is, and what it can do.",
    fields: (t) => ({
      agentId: t.id({ required: true, description: "The agent." }),
      capabilities: t.stringList({ description: "What the process can do, besides the definition's capabilities." }),
      concurrency: t.int({
        description:
          "How many tasks the process can do at once, 1 to 1000, where that may be less than what is registered.",
      }),
    }),
  }),
  success: successOf("connectAgent", AgentConnected),
  errors: [IllegalTransition, LimitExceeded],
  resolve: async ({ agentId, ...input }, { runtime, caller }) => ({
    data: await connectAgent(runtime, caller, { ...input, agentId: uuidOf("agent", agentId) }),
  }),
});

const HeartbeatAnswerType = builder.objectRef<HeartbeatAnswer>("HeartbeatAnswer").implement({
  permission: "agent.act",
  description: "What the agent has to do about the tasks that it listed.",
  fields: (t) => ({
    lost: t.field({
      type: [TaskReferenceType],
      description: "It does not hold these any more: stop, and report nothing.",
      resolve: (answer) => [...answer.lost],
    }),
    cancel: t.field({
      type: [TaskReferenceType],
      description: "Someone cancelled these: stop, and fail them with the kind cancelled.",
      resolve: (answer) => [...answer.cancel],
    }),
  }),
});

mutation("heartbeat", {
  permission: "agent.act",
  description:
    "A sign of life. It extends the leases of the listed tasks, and only of those. The answer may take half a second.",
  input: builder.inputType("HeartbeatInput", {
    description: "A sign of life, and what the process really runs.",
    fields: (t) => ({
      agentId: t.id({ required: true, description: "The agent." }),
      incarnation: t.int({ required: true, description: "The process, as connectAgent numbered it." }),
      sequence: t.int({ required: true, description: "Rises with each heartbeat of the process, from 1." }),
      load: t.float({ description: "How loaded the process is, as it sees it; 0 is idle." }),
      tasks: t.field({ type: [TaskRefInput], required: true, description: "Every task that it really runs." }),
    }),
  }),
  success: successOf("heartbeat", HeartbeatAnswerType),
  errors: [Conflict],
  resolve: async ({ agentId, tasks, ...input }, { runtime, caller }) => {
    // A malformed id names nothing that could be held; the other tasks keep their leases all the same.
    const known = tasks.flatMap((task) => {
      const taskId = parseId("task", task.taskId);
      return taskId === null ? [] : [{ taskId, attempt: task.attempt }];
    });
    return { data: await heartbeat(runtime, caller, { ...input, agentId: uuidOf("agent", agentId), tasks: known }) };
  },
});

mutation("failAgent", {
  permission: "agent.act",
  description: "The agent cannot go on: it goes to ERROR, and its tasks go back.",
  input: builder.inputType("FailAgentInput", {
    description: "Which agent cannot go on, and why.",
    fields: (t) => ({
      agentId: t.id({ required: true, description: "The agent." }),
      error: t.string({ required: true, description: "What went wrong, for people." }),
    }),
  }),
  success: successOf("failAgent", AgentType),
  errors: [IllegalTransition, Conflict],
  resolve: async ({ agentId, error }, { runtime, caller }) => ({
    data: await failAgent(runtime, caller, { agentId: uuidOf("agent", agentId), error }),
  }),
});
