import { change } from "./change.ts";
import { createAgent, type Tenant, type TestServer } from "./harness.ts";
import type { ServerProcess } from "./processes.ts";

export interface Attempt {
  readonly taskId: string;
  readonly attempt: number;
}

/** The harness speaks to servers in this process; those in their own answer the same. */
export const asHarness = (server: ServerProcess): TestServer => server as unknown as TestServer;

/** An agent that is no process of its own: each of its calls is made by the test, over HTTP, with the agent's own key. */
export class PlainAgent {
  readonly id: string;
  readonly key: string;
  incarnation = 0;
  #sequence = 0;

  private constructor(agent: { readonly id: string; readonly key: string }) {
    this.id = agent.id;
    this.key = agent.key;
  }

  /** Registers it, and connects. */
  static async create(
    server: ServerProcess,
    tenant: Tenant,
    name: string,
    maxConcurrency: number,
  ): Promise<PlainAgent> {
    const agent = new PlainAgent(await createAgent(asHarness(server), tenant, name, { maxConcurrency }));
    await agent.connect(server);
    return agent;
  }

  /** Gives back what it held. */
  async connect(server: ServerProcess): Promise<void> {
    const answer = await this.call(server, "connectAgent", { agentId: this.id }, "data { incarnation }");
    this.incarnation = (answer.data as { incarnation: number }).incarnation;
    this.#sequence = 0;
  }

  async claim(server: ServerProcess, max: number, waitMs = 0): Promise<Attempt[]> {
    const { id: agentId, incarnation } = this;
    const answer = await this.call(server, "claimTasks", { agentId, incarnation, max, waitMs }, "data { id attempt }");
    if (!Array.isArray(answer.data)) throw new Error(JSON.stringify(answer));
    return (answer.data as { id: string; attempt: number }[]).map(({ id, attempt }) => ({ taskId: id, attempt }));
  }

  heartbeat(server: ServerProcess, tasks: readonly Attempt[]) {
    const { id: agentId, incarnation } = this;
    const sequence = ++this.#sequence;
    return this.call(server, "heartbeat", { agentId, incarnation, sequence, tasks }, "data { lost { taskId } }");
  }

  /** One mutation with the agent's key; rejects without an answer, or with one that nobody expects. */
  call(server: ServerProcess, mutation: string, input: object, fields?: string) {
    return change(asHarness(server), mutation, input, fields, this.key);
  }
}
