import type { Caller } from "@muster/domain/actor.ts";
import { Conflict } from "@muster/domain/errors.ts";
import { z } from "zod";
import { authorizeAgent } from "../authorize.ts";
import { parseInput } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import { readAgentPlace } from "./agent-place.ts";
import type { ClaimAnswer, ClaimRequest } from "./claim-round.ts";
import { claim } from "./claim-rounds.ts";
import type { OfferedTask } from "./task.ts";

const ClaimTasks = z.object({
  agentId: z.guid(),
  incarnation: z.int().min(1),
  max: z.int().min(1).max(1_000),
  waitMs: z.int().min(0).max(60_000).nullish(),
});
export type ClaimTasksInput = z.input<typeof ClaimTasks>;

/** What lets a claim wait for work without asking the database all the time. */
export interface WaitForWork {
  /** Resolves when a task of the project may have become ready or an agent free, after `ms`, or when `signal` aborts. */
  waitForWork(projectId: string, ms: number, signal: AbortSignal): Promise<void>;
  /** Aborts when nothing is to be handed out any more. */
  readonly closing: AbortSignal;
}

/** Hints can be lost: ask again at least this often. */
const POLL_MS = 1_000;

/**
 * Gives an agent tasks that are ready, as many as it has room for, the highest priority first: those meant for it and those
 * that ask for one of its capabilities. Without any, waits up to `waitMs` for one. They are ASSIGNED: to be started in time.
 * None for an agent that is not at work, drains, or is full, and none once `gone` says that nobody waits any more. Throws `Conflict` for an incarnation that is not the newest,
 * `NotFound`, `Forbidden`, `InvalidInput`.
 */
export async function claimTasks(
  runtime: Runtime,
  assignments: WaitForWork,
  caller: Caller,
  input: ClaimTasksInput,
  gone?: AbortSignal,
): Promise<OfferedTask[]> {
  const { agentId, incarnation, max, waitMs } = parseInput(ClaimTasks, input);
  caller = authorizeAgent(caller, agentId);
  const until = performance.now() + (waitMs ?? 0);
  for (let projectId: string | null = null; ;) {
    const left = until - performance.now();
    const claimed = new AbortController();
    const stop = AbortSignal.any([assignments.closing, claimed.signal, ...(gone ? [gone] : [])]);
    // Listens before it looks, so that nothing falls between the two.
    const woken =
      projectId === null || left <= 0 ? null : assignments.waitForWork(projectId, Math.min(left, POLL_MS), stop);
    try {
      if (assignments.closing.aborted || gone?.aborted) return [];
      const { tasks, agent: asked } = await claimOnce(runtime, caller, { agentId, incarnation, max });
      if (tasks.length > 0) return tasks;
      const agent = asked ?? (await readAgentPlace(runtime.database, caller, agentId));
      if (agent.incarnation !== incarnation)
        throw new Conflict("incarnation", String(incarnation), String(agent.incarnation));
      if (left <= 0) return [];
      projectId = agent.projectId;
      await woken;
    } finally {
      claimed.abort();
    }
  }
}

/** One claim, without waiting or saying why there is nothing. */
export async function claimReady(
  runtime: Runtime,
  caller: Caller,
  request: Omit<ClaimRequest, "caller">,
): Promise<OfferedTask[]> {
  return (await claimOnce(runtime, caller, request)).tasks;
}

/** Again when tasks stood aside, because others may stand behind them. */
async function claimOnce(
  runtime: Runtime,
  caller: Caller,
  request: Omit<ClaimRequest, "caller">,
): Promise<ClaimAnswer> {
  while (true) {
    const answer = await claim(runtime, { caller, ...request });
    if (answer.tasks.length > 0 || !answer.stoodAside) return answer;
  }
}
