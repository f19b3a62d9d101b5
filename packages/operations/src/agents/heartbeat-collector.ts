import { arrayOf } from "../array-of.ts";
import type { ReachValues } from "../authorize.ts";
import type { Runtime } from "../runtime.ts";
import { type HeartbeatRow, heartbeatStatement } from "./heartbeat-statement.ts";

/** One attempt at a task. `taskId` is a UUID. */
export interface TaskReference {
  readonly taskId: string;
  readonly attempt: number;
}

/** A heartbeat to be written. The reach is that of the sender's credentials. */
export interface CollectedHeartbeat {
  readonly agentId: string;
  readonly incarnation: number;
  readonly sequence: number;
  readonly load: number | null;
  readonly tasks: readonly TaskReference[];
  readonly reach: ReachValues;
}

export interface WrittenHeartbeat extends HeartbeatRow {
  readonly lost: readonly TaskReference[];
  readonly cancel: readonly TaskReference[];
}

interface Waiting {
  readonly heartbeat: CollectedHeartbeat;
  readonly resolve: (written: WrittenHeartbeat | null) => void;
  readonly reject: (error: unknown) => void;
}

/** How long heartbeats are collected, in milliseconds. */
export const COLLECT_MS = 500;
const MAX_HEARTBEATS = 1_000;
const MAX_TASKS = 10_000;

/** Collects the heartbeats that reach this process and writes them together: thousands of agents cost a few statements. */
export class HeartbeatCollector {
  readonly #runtime: Runtime;
  #waiting: Waiting[] = [];

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** Resolves when it is written, within about `COLLECT_MS`; null when there is no such agent in reach. */
  write(heartbeat: CollectedHeartbeat): Promise<WrittenHeartbeat | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ heartbeat, resolve, reject });
      if (this.#waiting.length > 1) return;
      setTimeout(() => {
        const collected = this.#waiting;
        this.#waiting = [];
        void this.#writeInOrder(collected);
      }, COLLECT_MS);
    });
  }

  async #writeInOrder(collected: readonly Waiting[]): Promise<void> {
    for (const batch of batches(collected)) {
      await this.#writeBatch(batch).catch((error: unknown) => {
        for (const waiting of batch) waiting.reject(error);
      });
    }
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    const beats = batch.map((waiting) => waiting.heartbeat);
    const listed = beats.flatMap(({ agentId, tasks }) => tasks.map((task) => ({ agentId, ...task })));
    const [row] = await this.#runtime.database.run(heartbeatStatement, [
      beats.map((beat) => beat.agentId),
      beats.map((beat) => beat.incarnation),
      beats.map((beat) => beat.sequence),
      beats.map((beat) => beat.load),
      beats.map(({ reach: [workspaceIds] }) => workspaceIds && arrayOf(workspaceIds)),
      beats.map(({ reach: [, projectIds] }) => projectIds && arrayOf(projectIds)),
      listed.map((task) => task.agentId),
      listed.map((task) => task.taskId),
      listed.map((task) => task.attempt),
      this.#runtime.settings.leaseMs,
    ]);
    const found = new Map(row?.beats.map((beat) => [beat.agentId, beat]));
    const tasks = Map.groupBy(row?.tasks ?? [], (task) => task.agentId);
    for (const { heartbeat, resolve } of batch) {
      const beat = found.get(heartbeat.agentId);
      const own = tasks.get(heartbeat.agentId) ?? [];
      const referencesOf = (lost: boolean) =>
        own.filter((task) => task.lost === lost).map(({ taskId, attempt }) => ({ taskId, attempt }));
      resolve(beat ? { ...beat, lost: referencesOf(true), cancel: referencesOf(false) } : null);
    }
  }
}

/** In the order of arrival; each agent at most once in a batch, because a statement can write a row only once. */
function batches(collected: readonly Waiting[]): Waiting[][] {
  const full: Waiting[][] = [];
  let rest = [...collected];
  while (rest.length > 0) {
    const agents = new Set<string>();
    const batch: Waiting[] = [];
    const later: Waiting[] = [];
    let tasks = 0;
    for (const waiting of rest) {
      const { agentId, tasks: listed } = waiting.heartbeat;
      const fits = batch.length === 0 || (batch.length < MAX_HEARTBEATS && tasks + listed.length <= MAX_TASKS);
      if (!fits || agents.has(agentId)) later.push(waiting);
      else batch.push(waiting);
      agents.add(agentId);
      if (batch.at(-1) === waiting) tasks += listed.length;
    }
    full.push(batch);
    rest = later;
  }
  return full;
}
