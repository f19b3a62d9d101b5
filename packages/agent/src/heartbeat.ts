import type { Client } from "@muster/client/client.ts";
import { isTransient, MutationError } from "@muster/client/errors.ts";
import { delay } from "@muster/client/retry.ts";
import { HEARTBEAT } from "./documents.ts";
import { messageOf } from "./failure.ts";
import type { Log } from "./log.ts";
import { isRefused, mutate } from "./mutate.ts";
import type { Stopper } from "./stopper.ts";
import type { TaskRunner } from "./task-runner.ts";

export interface HeartbeatOptions {
  readonly client: Client;
  readonly agentId: string;
  readonly incarnation: number;
  readonly intervalMs: number;
  /** How many tasks make a full load. */
  readonly capacity: number;
  readonly runner: TaskRunner;
  readonly stopper: Stopper;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Tells the server at each interval what really runs, and acts on what it answers, until `signal` aborts. Never throws. */
export async function keepHeartbeat(options: HeartbeatOptions): Promise<void> {
  let away = false;
  for (let sequence = 1; !options.signal.aborted; sequence += 1) {
    try {
      await beat(options, sequence);
      if (away) options.log.info("heartbeats reach the server again");
      away = false;
    } catch (error) {
      if (options.signal.aborted) return;
      if (!away) options.log.warn("a heartbeat failed", { reason: messageOf(error) });
      away = true;
      if (judge(error, options.stopper)) return;
    }
    // A little jitter keeps a fleet that was started together from beating together.
    await delay(options.intervalMs * (0.9 + 0.2 * Math.random()), options.signal).catch(() => {});
  }
}

async function beat(options: HeartbeatOptions, sequence: number): Promise<void> {
  const { client, agentId, incarnation, capacity, runner } = options;
  const tasks = runner.running();
  const load = Math.min(1, tasks.length / Math.max(1, capacity));
  const timeoutMs = Math.max(1_000, options.intervalMs);
  const { lost, cancel } = await mutate(
    client,
    HEARTBEAT,
    { agentId, incarnation, sequence, load, tasks },
    { timeoutMs, signal: options.signal },
  );
  for (const ref of lost) runner.abort(ref, "lease_lost");
  for (const ref of cancel) runner.abort(ref, "cancelled");
}

/** Stops the agent when the answer says that this process is not the agent any more; tells whether it did. */
function judge(error: unknown, stopper: Stopper): boolean {
  if (isTransient(error)) return false;
  if (error instanceof MutationError && isSuperseded(error)) {
    stopper.request({ urgency: "discard", cause: "superseded", why: "A newer process took over this agent." });
    return true;
  }
  if (!isRefused(error)) return false;
  stopper.request({
    urgency: "discard",
    cause: "superseded",
    why: `The server refuses this agent: ${messageOf(error)}`,
    error,
  });
  return true;
}

/** The conflict is about the incarnation, which another process has raised; a late sequence number is none to stop for. */
function isSuperseded({ code, fields }: MutationError): boolean {
  return code === "CONFLICT" && Number(fields["actual"]) > Number(fields["expected"]);
}
