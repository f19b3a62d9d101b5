import { setTimeout as sleep } from "node:timers/promises";
import { change, type MutationResult } from "../api.ts";
import type { Random } from "../random.ts";
import type { Tenant } from "../tenant.ts";
import type { Written } from "./written.ts";

export interface ApiWriterOptions {
  /** A server that is believed to run. */
  readonly url: () => string;
  readonly key: string;
  readonly tenant: Tenant;
  readonly random: Random;
  readonly written: Written;
  /** The mean pause between two changes. */
  readonly pauseMs: number;
  /** Told of each acknowledged transition: the agent's id, "@", its version, and when the request was sent. */
  readonly onCommit: (key: string, sentAt: number) => void;
  readonly signal: AbortSignal;
}

type Transitioned = MutationResult & { readonly data: { readonly id: string; readonly version: number } };
type Listed = MutationResult & { readonly data: readonly { readonly id: string }[] };
type Versioned = MutationResult & { readonly data: { readonly number: number } };

/** Changes agents, tasks and contexts through the API, one change after another. */
export async function writeThroughApi(options: ApiWriterOptions): Promise<void> {
  const { url, key, tenant, random, written, signal } = options;
  const send = <Answer extends MutationResult>(name: string, input: object, fields: string) =>
    change<Answer>(url(), key, name, input, fields);

  const transition = async () => {
    const reason = written.mark();
    const agentId = random.pick(tenant.agents);
    const action = random.pick(["SUSPEND", "MAINTAIN", "RESUME", "RESUME"]);
    const sentAt = performance.now();
    const input = { agentId, action, reason, mode: "NOW" };
    const answer = await send<Transitioned>("transitionAgent", input, "data { id version }");
    if (answer.__typename !== "TransitionAgentSuccess") return;
    written.acknowledged.add(reason);
    options.onCommit(`${answer.data.id}@${answer.data.version}`, sentAt);
  };

  const tasks = async () => {
    const task = { projectId: tenant.projectId, kind: "soak", input: { padding: "x".repeat(random.between(0, 200)) } };
    const input = { tasks: Array.from({ length: random.between(1, 5) }, () => task) };
    const created = await send<Listed>("createTasks", input, "data { id }");
    if (created.__typename !== "CreateTasksSuccess") return;
    for (const { id } of created.data) written.subjects.add(id);
    const taskId = random.pick(created.data).id;
    await send("cancelTask", { taskId, reason: "It is not needed." }, "data { id }");
  };

  const context = async () => {
    const contextId = random.pick(tenant.contexts);
    const answer = await send<Versioned>("writeContext", { contextId, data: { at: random.next() } }, "data { number }");
    if (answer.__typename === "WriteContextSuccess") written.subjects.add(`${contextId}@${answer.data.number}`);
  };

  while (!signal.aborted) {
    const work = random.pick([transition, transition, transition, tasks, context]);
    await work().catch(async () => {
      written.unknown += 1;
      await sleep(50);
    });
    await sleep(random.next() * 2 * options.pauseMs);
  }
}
