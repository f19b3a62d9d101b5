import type { InboxMessage } from "@muster/operations/inbox/inbox-message.ts";
import { readContextMessages } from "@muster/operations/inbox/inbox-queries.ts";
import { openInbox } from "@muster/operations/inbox/open-inbox.ts";
import { AgentActionEnum, TransitionModeEnum } from "../agents/agent-enums.ts";
import { builder } from "../builder.ts";
import { ContextType } from "../contexts/context.ts";
import { uuidOf } from "../ids.ts";
import { StartTaskSuccess } from "../tasks/run-task-mutations.ts";
import { offeredTask } from "../tasks/moved-task.ts";
import { TaskType } from "../tasks/task.ts";

type MessageOf<Type extends InboxMessage["type"]> = Extract<InboxMessage, { readonly type: Type }>;

const InboxMessageInterface = builder.interfaceRef<InboxMessage>("InboxMessage").implement({
  permission: "agent.act",
  description: "What an agent's process has to know or do.",
  fields: (t) => ({
    id: t.exposeID("id", { description: "The same whenever the same thing is said again, as after a reconnect." }),
  }),
  resolveType: (message) => message.type,
});

builder.objectRef<MessageOf<"TaskAssigned">>("TaskAssigned").implement({
  permission: "agent.act",
  description: "Work: start it in time, or it goes to another agent.",
  interfaces: [InboxMessageInterface],
  fields: (t) => ({
    task: t.field({
      type: TaskType,
      description: "The task.",
      resolve: (message, _arguments, _context, info) => offeredTask(message.task, info),
    }),
    attempt: t.exposeInt("attempt", { description: "The attempt, to be named in every call about it." }),
    leaseUntil: t.field({
      type: "DateTime",
      description: "It has to be started by then.",
      resolve: (message) => message.leaseUntil,
    }),
  }),
});

builder.objectRef<MessageOf<"TaskCancelRequested">>("TaskCancelRequested").implement({
  permission: "agent.act",
  description: "Someone cancelled a run: stop it, and fail it with the kind cancelled.",
  interfaces: [InboxMessageInterface],
  fields: (t) => ({
    task: t.field({
      type: TaskType,
      description: "The task.",
      resolve: (message, _arguments, _context, info) => offeredTask(message.task, info),
    }),
    attempt: t.exposeInt("attempt", { description: "The attempt that is to stop." }),
    reason: t.exposeString("reason", { description: "Why." }),
    graceMs: t.exposeInt("graceMs", { description: "After so many milliseconds it is ended by force." }),
  }),
});

builder.objectRef<MessageOf<"StateRequested">>("StateRequested").implement({
  permission: "agent.act",
  description: "An operator wants the agent in another state.",
  interfaces: [InboxMessageInterface],
  fields: (t) => ({
    action: t.field({
      type: AgentActionEnum,
      description: "What was asked for.",
      resolve: (message) => message.action,
    }),
    reason: t.exposeString("reason", { description: "Why." }),
    mode: t.field({
      type: TransitionModeEnum,
      description: "DRAIN: it happens when the last task ends. NOW: it has happened.",
      resolve: (message) => message.mode,
    }),
  }),
});

const ContextChangedType = builder.objectRef<MessageOf<"ContextChanged">>("ContextChanged").implement({
  permission: "agent.act",
  description:
    "A context that the agent uses has a version that it has not loaded: load it, and after a rollback acknowledge it.",
  interfaces: [InboxMessageInterface],
  fields: (t) => ({
    context: t.field({ type: ContextType, description: "The context.", resolve: (message) => message.contextId }),
    version: t.exposeInt("version", { description: "The newest version." }),
    rolledBack: t.exposeBoolean("rolledBack", {
      description: "Whether a rollback lies before it: then an answer is awaited.",
    }),
  }),
});

builder.objectField(StartTaskSuccess, "contextChanges", (t) =>
  t.field({
    type: [ContextChangedType],
    description:
      "What the inbox says about contexts by the time of the start. Who takes it over before the first step never works on what was rolled back before.",
    complexity: 100,
    resolve: async ({ data: { agentId } }, _arguments, { runtime }) =>
      agentId === null ? [] : readContextMessages(runtime, agentId),
  }),
);

builder.objectRef<MessageOf<"Superseded">>("Superseded").implement({
  permission: "agent.act",
  description: "A newer process speaks for the agent: stop. Nothing comes after this.",
  interfaces: [InboxMessageInterface],
  fields: (t) => ({ incarnation: t.exposeInt("incarnation", { description: "The number of the newer process." }) }),
});

builder.subscriptionField("inbox", (t) =>
  t.field({
    type: InboxMessageInterface,
    permission: "agent.act",
    description:
      "What an agent's process has to know and do: first all that it has not answered yet, then as it comes. While it is open, the agent is given work.",
    args: {
      agent: t.arg.id({ required: true, description: "The agent." }),
      incarnation: t.arg.int({ required: true, description: "The process, as connectAgent numbered it." }),
    },
    subscribe: (_root, { agent, incarnation }, { runtime, assignments, caller }) =>
      openInbox(runtime, assignments, caller, { agentId: uuidOf("agent", agent), incarnation }) as never,
    resolve: (message: InboxMessage) => message,
  }),
);
