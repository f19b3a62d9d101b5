import { setTimeout as sleep } from "node:timers/promises";
import { change, changed, type MutationResult } from "../api.ts";
import type { Random } from "../random.ts";
import type { Tenant } from "../tenant.ts";
import type { Written } from "./written.ts";

export interface TaskWorkerOptions {
  /** A server that is believed to run. */
  readonly url: () => string;
  readonly key: string;
  readonly tenant: Tenant;
  /** The agent that it is the process of. */
  readonly agentId: string;
  readonly random: Random;
  readonly written: Written;
  /** The mean pause between two rounds. */
  readonly pauseMs: number;
  readonly signal: AbortSignal;
}

interface TaskRef {
  readonly taskId: string;
  readonly attempt: number;
}
type Created = MutationResult & { readonly data: readonly { readonly id: string }[] };
type Claimed = MutationResult & { readonly data: readonly { readonly id: string; readonly attempt: number }[] };

/** Creates tasks and runs tasks, whosoever they are: each goes through its whole life. Connects again after an outage. */
export async function runTasks({
  url,
  key,
  tenant,
  agentId,
  random,
  written,
  pauseMs,
  signal,
}: TaskWorkerOptions): Promise<void> {
  const { projectId } = tenant;
  let incarnation: number | null = null;
  let sequence = 0;

  const round = async (present: number) => {
    const task = { projectId, kind: "work", input: { number: random.between(0, 1_000) } };
    const input = { tasks: Array.from({ length: random.between(1, 9) }, () => task) };
    const created = await change<Created>(url(), key, "createTasks", input, "data { id }");
    if (created.__typename === "CreateTasksSuccess") for (const { id } of created.data) written.subjects.add(id);
    sequence += 1;
    await change(
      url(),
      key,
      "heartbeat",
      { agentId, incarnation: present, sequence, tasks: [] },
      "data { __typename }",
    );
    const claim = { agentId, incarnation: present, max: 10, waitMs: 100 };
    const claimed = await changed<Claimed>(url(), key, "claimTasks", claim, "data { id attempt }");
    await Promise.all(claimed.data.map(({ id, attempt }) => run({ taskId: id, attempt })));
  };
  const run = async (ref: TaskRef) => {
    await change(url(), key, "startTask", ref, "data { id }", "TaskRef");
    const failure = { ...ref, message: "It did not work out.", retryable: true };
    // What is not taken, because the lease was lost meanwhile, others do.
    if (random.next() < 0.1) await change(url(), key, "failTask", failure, "data { id }");
    else await change(url(), key, "completeTask", { ...ref, output: {} }, "data { id }");
  };

  while (!signal.aborted) {
    try {
      incarnation ??= (
        await changed<{ data: { incarnation: number } }>(
          url(),
          key,
          "connectAgent",
          { agentId },
          "data { incarnation }",
        )
      ).data.incarnation;
      await round(incarnation);
    } catch {
      incarnation = null;
      written.unknown += 1;
      await sleep(50);
    }
    await sleep(random.next() * 2 * pauseMs);
  }
}
