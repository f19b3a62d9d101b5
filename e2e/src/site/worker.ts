import type { AgentDefinition } from "@muster/agent/agent-definition.ts";
import { defineAgent } from "@muster/agent/define-agent.ts";
import type { Api, ProjectRow } from "./api.ts";
import { expect } from "./expect.ts";

/** An agent whose handlers are the test's own. It runs inside the test, through the SDK. */
export interface Worker {
  readonly id: string;
  readonly name: string;
  stop(): Promise<void>;
}

export interface WorkerOptions {
  readonly name: string;
  readonly tasks: AgentDefinition["tasks"];
  /** What the definition says of its tasks, by their kinds. */
  readonly described?: Readonly<Record<string, { readonly description?: string; readonly inputSchema: object }>>;
  readonly maxConcurrency?: number;
}

/** Registers a definition of this name, which can do these kinds of tasks, and an agent of it, and waits until that is up. */
export async function startWorker(api: Api, project: ProjectRow, options: WorkerOptions): Promise<Worker> {
  const { name, tasks, described = {}, maxConcurrency = 1 } = options;
  const capabilities = Object.keys(tasks);
  const metadata = { tasks: described };
  await api.change("registerDefinition", { slug: name, name, type: "worker", capabilities, metadata });
  const { result } = await api.query<{ result: { key: string; data: { id: string } } }>(
    `mutation ($input: RegisterAgentInput!) { result: registerAgent(input: $input) {
       ... on RegisterAgentSuccess { key data { id } } ... on Error { message } } }`,
    { input: { projectId: project.id, definitionSlug: name, name, maxConcurrency } },
  );
  const { id } = result.data;
  const stopping = new AbortController();
  const ended = defineAgent({ name, capabilities, tasks, concurrency: maxConcurrency }).run({
    url: api.url,
    agentId: id,
    key: result.key,
    heartbeatMs: 1_000,
    drainMs: 0,
    logLevel: "error",
    signal: stopping.signal,
  });
  ended.catch(() => {});
  await expect.poll(() => stateOf(api, id), { message: `${name} is up` }).toMatch(/ONLINE|IDLE/);
  return {
    id,
    name,
    async stop() {
      stopping.abort();
      await ended.catch(() => {});
    },
  };
}

/** The state of an agent, a task, a workflow or a bulk job. */
export async function stateOf(api: Api, id: string): Promise<string> {
  const on = ["Agent", "Task", "Workflow", "BulkJob"].map((type) => `... on ${type} { ${type}: state }`);
  const { node } = await api.query<{ node: Readonly<Record<string, string>> | null }>(
    `query ($id: ID!) { node(id: $id) { ${on.join(" ")} } }`,
    { id },
  );
  return Object.values(node ?? {})[0] ?? "none";
}

/** A door that a handler waits at until the test opens it. */
export function door(): { readonly opened: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}
