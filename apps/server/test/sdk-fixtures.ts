import type { AgentDefinition } from "@muster/agent/agent-definition.ts";
import { defineAgent } from "@muster/agent/define-agent.ts";
import type { RunOptions } from "@muster/agent/run-agent.ts";
import { onTestFinished } from "vitest";
import { createAgent, type Tenant, type TestServer } from "./harness.ts";
import { eventually } from "./processes.ts";

export interface RunningAgent {
  readonly id: string;
  readonly key: string;
  /** Settles with `run`. */
  readonly ended: Promise<void>;
  /** As SIGTERM would. */
  stop(): Promise<void>;
}

/** Runs an SDK agent inside the test, as an agent of its own unless `as` says which. It is stopped with the test. */
export async function runAgent(
  server: TestServer,
  tenant: Tenant,
  definition: Omit<AgentDefinition, "name">,
  { as, maxConcurrency, ...options }: RunOptions & { as?: { id: string; key: string }; maxConcurrency?: number } = {},
): Promise<RunningAgent> {
  const name = `agent-${crypto.randomUUID().slice(0, 8)}`;
  const agent = as ?? (await createAgent(server, tenant, name, { maxConcurrency: maxConcurrency ?? 4 }));
  const stopping = new AbortController();
  const ended = defineAgent({ name, ...definition }).run({
    url: server.url,
    agentId: agent.id,
    key: agent.key,
    heartbeatMs: 300,
    drainMs: 1_000,
    logLevel: "error",
    signal: stopping.signal,
    ...options,
  });
  const settled = ended.catch(() => {});
  const stop = async () => {
    stopping.abort();
    await settled;
  };
  onTestFinished(stop);
  return { ...agent, ended, stop };
}

async function data<Data>(server: TestServer, query: string, variables: unknown, key?: string): Promise<Data> {
  const answer = await server.ask<Data>(query, variables, key);
  if (!answer.data) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

/** Runs a mutation as the admin, and answers its `data`; expected errors are thrown. */
export async function change<Data>(server: TestServer, name: string, input: object, fields: string): Promise<Data> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const { result } = await data<{ result: { data?: Data } }>(
    server,
    `mutation ($input: ${type}Input!) { result: ${name}(input: $input) {
       ... on ${type}Success { data { ${fields} } } ... on Error { code message } } }`,
    { input },
  );
  if (!result.data) throw new Error(JSON.stringify(result));
  return result.data;
}

export interface TaskRow {
  readonly id: string;
  readonly state: string;
  readonly attempt: number;
  readonly failures: number;
  readonly output: unknown;
  readonly progress: number | null;
  readonly progressMessage: string | null;
  readonly error: { kind: string; message: string; retryable: boolean } | null;
}

/** Creates a task for one agent. */
export async function giveTask(
  server: TestServer,
  tenant: Tenant,
  agentId: string,
  more: object = {},
): Promise<string> {
  const input = { projectId: tenant.projectId, agentId, kind: "work", input: {}, ...more };
  return (await change<{ id: string }>(server, "createTask", input, "id")).id;
}

const TASK = `query ($id: ID!) { node(id: $id) { ... on Task {
  id state attempt failures output progress progressMessage error { kind message retryable } } } }`;

export function taskIn(server: TestServer, id: string, ...states: string[]): Promise<TaskRow> {
  const read = async () => (await data<{ node: TaskRow }>(server, TASK, { id })).node;
  return eventually(read, (task) => states.includes(task.state));
}

export interface AgentRow {
  readonly state: string;
  readonly lastError: string | null;
  readonly capabilities: string[];
}

export function agentIn(server: TestServer, id: string, ...states: string[]): Promise<AgentRow> {
  const query = `query ($id: ID!) { node(id: $id) { ... on Agent { state lastError capabilities } } }`;
  const read = async () => (await data<{ node: AgentRow }>(server, query, { id })).node;
  return eventually(read, (agent) => states.includes(agent.state));
}

/** Resolves when the signal aborts, which is how a well-behaved handler waits. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
