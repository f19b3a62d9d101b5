import type { AgentAction, AgentState } from "@muster/domain/agent-lifecycle.ts";
import type { RollbackState } from "@muster/domain/rollback-state.ts";
import type { TaskState } from "@muster/domain/task-lifecycle.ts";
import type { LoggedEvent } from "@muster/events/event.ts";
import { AgentActionEnum, AgentStateEnum } from "../agents/agent-enums.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { ContextType, RollbackStateEnum } from "../contexts/context.ts";
import { TaskStateEnum } from "../tasks/task-enums.ts";
import { TaskType } from "../tasks/task.ts";
import { EventInterface, OtherEventType } from "./event.ts";

/** An event whose payload is known by its type. */
type EventWith<Payload> = LoggedEvent & { readonly payload: Payload };

const interfaces = [builder.nodeInterfaceRef(), EventInterface] as never;

type AgentMove = EventWith<{ from: AgentState; to: AgentState; action: AgentAction; durationMs: number | null }>;

builder.objectRef<AgentMove>("AgentTransitioned").implement({
  permission: "event.read",
  description: "An agent went from one state to another: agent.transitioned.",
  interfaces,
  fields: (t) => ({
    agent: t.field({
      type: AgentType,
      nullable: true,
      description: "The agent as it is now.",
      resolve: (event) => event.agentId,
    }),
    from: t.field({ type: AgentStateEnum, description: "The state before.", resolve: ({ payload }) => payload.from }),
    to: t.field({ type: AgentStateEnum, description: "The state after.", resolve: ({ payload }) => payload.to }),
    action: t.field({ type: AgentActionEnum, description: "What moved it.", resolve: ({ payload }) => payload.action }),
    durationMs: t.float({
      nullable: true,
      description: "How long it was in the state before, in milliseconds.",
      resolve: ({ payload }) => payload.durationMs,
    }),
  }),
});

type TaskMove = EventWith<{ from: TaskState | null; to: TaskState; attempt: number; durationMs: number | null }>;

builder.objectRef<TaskMove>("TaskTransitioned").implement({
  permission: "event.read",
  description: "A task went from one state to another, or was created: task.transitioned.",
  interfaces,
  fields: (t) => ({
    task: t.field({
      type: TaskType,
      nullable: true,
      description: "The task as it is now.",
      resolve: (event) => event.taskId,
    }),
    agent: t.field({
      type: AgentType,
      nullable: true,
      description: "The agent that held it.",
      resolve: (event) => event.agentId,
    }),
    from: t.field({
      type: TaskStateEnum,
      nullable: true,
      description: "The state before; null for a new task.",
      resolve: ({ payload }) => payload.from,
    }),
    to: t.field({ type: TaskStateEnum, description: "The state after.", resolve: ({ payload }) => payload.to }),
    attempt: t.int({ description: "The attempt that the task was at.", resolve: ({ payload }) => payload.attempt }),
    durationMs: t.float({
      nullable: true,
      description: "How long it was in the state before, in milliseconds.",
      resolve: ({ payload }) => payload.durationMs,
    }),
  }),
});

type VersionWritten = EventWith<{ number: number; rolledBackTo: number | null; hash: string }>;

builder.objectRef<VersionWritten>("ContextVersionWritten").implement({
  permission: "event.read",
  description: "A context has a new version, written or by a rollback: context.version_written.",
  interfaces,
  fields: (t) => ({
    context: t.field({
      type: ContextType,
      nullable: true,
      description: "The context as it is now; null when it is another agent's own.",
      resolve: (event) => event.contextId,
    }),
    number: t.int({ description: "The version's number.", resolve: ({ payload }) => payload.number }),
    rolledBackTo: t.int({
      nullable: true,
      description: "Set by a rollback: the version whose data it repeats.",
      resolve: ({ payload }) => payload.rolledBackTo,
    }),
    hash: t.string({ description: "The version's hash.", resolve: ({ payload }) => payload.hash }),
  }),
});

type Settled = EventWith<{ version: number; state: RollbackState; error: string | null; forced?: boolean }>;

builder.objectRef<Settled>("RollbackSettled").implement({
  permission: "event.read",
  description:
    "Every agent that a rollback waited for has answered or left, time was up, or a person has decided: context.rollback_settled.",
  interfaces,
  fields: (t) => ({
    context: t.field({
      type: ContextType,
      nullable: true,
      description: "The context as it is now; null when it is another agent's own.",
      resolve: (event) => event.contextId,
    }),
    version: t.int({
      description: "The version that the rollback appended.",
      resolve: ({ payload }) => payload.version,
    }),
    state: t.field({ type: RollbackStateEnum, description: "How it ended.", resolve: ({ payload }) => payload.state }),
    error: t.string({ nullable: true, description: "Why it failed.", resolve: ({ payload }) => payload.error }),
    forced: t.boolean({
      description:
        "Whether a person declared it SUCCEEDED; the payload's unconfirmed says which agents had not confirmed.",
      resolve: ({ payload }) => payload.forced ?? false,
    }),
  }),
});

builder.objectFields(OtherEventType, (t) => ({
  agent: t.field({
    type: AgentType,
    nullable: true,
    description: "The agent that it concerns, as it is now.",
    resolve: (event) => event.agentId,
  }),
  task: t.field({
    type: TaskType,
    nullable: true,
    description: "The task that it concerns, as it is now.",
    resolve: (event) => event.taskId,
  }),
  context: t.field({
    type: ContextType,
    nullable: true,
    description: "The context that it concerns, as it is now; null when it is another agent's own.",
    resolve: (event) => event.contextId,
  }),
}));
