import { document } from "@muster/client/document.ts";
import type { Frame } from "@muster/client/frames.ts";

/** A mutation's result: `unwrap` answers the data or throws the error. */
export type Result<Data> =
  | { readonly __typename: string; readonly data: Data }
  | { readonly __typename: string; readonly code: string };

export interface TaskRef {
  readonly taskId: string;
  readonly attempt: number;
}
export interface AgentFields {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly project: { readonly id: string };
  readonly config: Readonly<Record<string, unknown>>;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly maxConcurrency: number;
}

const FAILURE = `... on Error { code message ... on LimitExceeded { retryAfterMs } ... on Conflict { expected actual } }`;
const AGENT = `id name state project { id } config labels maxConcurrency`;

/** Declares a mutation with one input; its result is in the field `result`. `failure`: what else to ask of errors. */
function mutation<Input, Data>(name: string, inputType: string, data: string, failure = "") {
  const success = `${name.charAt(0).toUpperCase()}${name.slice(1)}Success`;
  return document<{ result: Result<Data> }, { input: Input }>(
    `mutation ($input: ${inputType}!) { result: ${name}(input: $input) { __typename ... on ${success} { data ${data} } ${FAILURE} ${failure} } }`,
  );
}

export const LOAD_AGENT = document<{ node: AgentFields | null }, { id: string }>(
  `query ($id: ID!) { node(id: $id) { ... on Agent { ${AGENT} } } }`,
);
export const CONNECT_AGENT = mutation<
  { agentId: string; capabilities: readonly string[]; concurrency: number | null },
  { agent: AgentFields; incarnation: number }
>("connectAgent", "ConnectAgentInput", `{ agent { ${AGENT} } incarnation }`);
export const HEARTBEAT = mutation<
  { agentId: string; incarnation: number; sequence: number; load: number; tasks: readonly TaskRef[] },
  { lost: readonly TaskRef[]; cancel: readonly TaskRef[] }
>("heartbeat", "HeartbeatInput", "{ lost { taskId attempt } cancel { taskId attempt } }");
export const FAIL_AGENT = mutation<{ agentId: string; error: string }, { id: string }>(
  "failAgent",
  "FailAgentInput",
  "{ id }",
);

export const READ_DEPENDENCIES = document<
  {
    node: {
      dependencies: readonly {
        readonly id: string;
        readonly step: string | null;
        readonly state: string;
        readonly output: unknown;
      }[];
    } | null;
  },
  { id: string }
>(`query ($id: ID!) { node(id: $id) { ... on Task { dependencies { id step: workflowStep state output } } } }`);
export const START_TASK = mutation<TaskRef, { id: string }>("startTask", "TaskRef", "{ id }");
const CONTEXT_CHANGED = `context { id name agent { id } } version rolledBack`;
/** Answers what has to be taken over before the task's first step. */
export const START_TASK_AFTER_CHANGES = mutation<TaskRef, readonly ContextChanged[]>(
  "startTask",
  "TaskRef",
  `: contextChanges { __typename id ${CONTEXT_CHANGED} }`,
);
export const REPORT_PROGRESS = mutation<
  TaskRef & { progress?: number | null; message?: string; chunk?: unknown; chunkSequence?: number },
  { id: string }
>("reportProgress", "ReportProgressInput", "{ id }");
export const COMPLETE_TASK = mutation<TaskRef & { output: unknown }, { id: string }>(
  "completeTask",
  "CompleteTaskInput",
  "{ id }",
);
export const FAIL_TASK = mutation<TaskRef & { kind: string; message: string; retryable: boolean }, { id: string }>(
  "failTask",
  "FailTaskInput",
  "{ id }",
);

export const OPEN_CONTEXT = mutation<{ projectId: string; agentId?: string; name: string }, { id: string }>(
  "openContext",
  "OpenContextInput",
  "{ id }",
);
export const READ_CONTEXT = document<
  { node: { currentVersion: number; data: unknown } | null },
  { id: string; pointer: string | null }
>(`query ($id: ID!, $pointer: String) { node(id: $id) { ... on Context { currentVersion data(pointer: $pointer) } } }`);
export const READ_CONTEXT_VERSION = document<
  { node: { version: { data: unknown } | null } | null },
  { id: string; number: number; pointer: string | null }
>(
  `query ($id: ID!, $number: Int!, $pointer: String) { node(id: $id) { ... on Context { version(number: $number) { data(pointer: $pointer) } } } }`,
);
export interface WriteContextInput {
  readonly contextId: string;
  readonly data?: unknown;
  readonly patch?: readonly PatchOperation[];
  readonly mergePatch?: unknown;
  readonly merge?: boolean;
  readonly message?: string;
  readonly baseVersion?: number;
  readonly expectedVersion?: number;
  readonly idempotencyKey: string;
}
interface WrittenVersion {
  readonly number: number;
  readonly mergedFrom: number | null;
}
const WRITTEN = "{ number mergedFrom }";
export const WRITE_CONTEXT = mutation<WriteContextInput, WrittenVersion>(
  "writeContext",
  "WriteContextInput",
  WRITTEN,
  "... on Conflict { currentVersion paths diff { op path value } }",
);
/** For a writer that reads anew after a conflict, and need not be told what has changed. */
export const REWRITE_CONTEXT = mutation<WriteContextInput, WrittenVersion>(
  "writeContext",
  "WriteContextInput",
  WRITTEN,
);
export const ACKNOWLEDGE_CONTEXT = mutation<
  { contextId: string; agentId: string; version: number; ok: boolean; error?: string },
  { id: string }
>("acknowledgeContext", "AcknowledgeContextInput", "{ id }");

/** One operation of a JSON patch (RFC 6902). */
export interface PatchOperation {
  readonly op: "add" | "remove" | "replace" | "move" | "copy" | "test";
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** A context that the agent uses has a version that it has not loaded. */
export interface ContextChanged {
  readonly __typename: "ContextChanged";
  /** The same whenever the same is said again; another when a rollback is retried. */
  readonly id: string;
  readonly context: { readonly id: string; readonly name: string; readonly agent: { readonly id: string } | null };
  readonly version: number;
  readonly rolledBack: boolean;
}

export type InboxMessage =
  | {
      readonly __typename: "TaskAssigned";
      readonly id: string;
      readonly task: {
        readonly id: string;
        readonly kind: string;
        readonly input: unknown;
        readonly dependencyCondition: string | null;
      };
      readonly attempt: number;
      readonly leaseUntil: string;
    }
  | {
      readonly __typename: "TaskCancelRequested";
      readonly id: string;
      readonly task: { readonly id: string };
      readonly attempt: number;
      readonly reason: string;
    }
  | {
      readonly __typename: "StateRequested";
      readonly id: string;
      readonly action: string;
      readonly reason: string;
      readonly mode: "DRAIN" | "NOW";
    }
  | ContextChanged
  | { readonly __typename: "Superseded"; readonly id: string; readonly incarnation: number };

export const INBOX = document<{ inbox: InboxMessage }, { agent: string; incarnation: number }>(
  `subscription ($agent: ID!, $incarnation: Int!) { inbox(agent: $agent, incarnation: $incarnation) { __typename id
    ... on TaskAssigned { task { id kind input dependencyCondition } attempt leaseUntil }
    ... on TaskCancelRequested { task { id } attempt reason }
    ... on StateRequested { action reason mode }
    ... on ContextChanged { ${CONTEXT_CHANGED} }
    ... on Superseded { incarnation } } }`,
);

export interface EventFrameData {
  readonly events: Frame<{
    readonly id: string;
    readonly type: string;
    readonly at: string;
    readonly actor: { readonly kind: string; readonly id: string | null; readonly name: string };
    readonly reason: string | null;
    readonly correlationId: string | null;
    readonly subjectId: string;
    readonly subjectVersion: number;
    readonly payload: unknown;
  }>;
}

export const FOLLOW_EVENTS = document<EventFrameData, { project: string; filter: object; after: string | null }>(
  `subscription ($project: ID!, $filter: EventFilter, $after: String) { events(project: $project, filter: $filter, after: $after) { __typename
    ... on EventDelivery { cursor event { id type at actor { kind id name } reason correlationId subjectId subjectVersion payload } }
    ... on Bookmark { cursor caughtUp }
    ... on ResyncRequired { cursor reason } } }`,
);
