import type { Caller } from "@muster/domain/actor.ts";
import { LOST_STATE } from "@muster/domain/agent-lifecycle.ts";
import { Conflict, IllegalTransition, NotFound } from "@muster/domain/errors.ts";
import { z } from "zod";
import { authorizeAgent, reachOf, systemCaller } from "../authorize.ts";
import { parseInput } from "../input.ts";
import { oncePerProcess } from "../once-per.ts";
import type { Runtime } from "../runtime.ts";
import { HeartbeatCollector, type TaskReference } from "./heartbeat-collector.ts";
import { moveAgent } from "./move-agent.ts";

const Heartbeat = z.object({
  agentId: z.uuid(),
  incarnation: z.number().int().min(1).max(2_147_483_647),
  sequence: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  load: z.number().min(0).nullish(),
  tasks: z.array(z.object({ taskId: z.uuid(), attempt: z.number().int().min(0).max(2_147_483_647) })).max(1_000),
});
export type HeartbeatInput = z.input<typeof Heartbeat>;

/** What an agent has to do about the tasks that it listed. */
export interface HeartbeatAnswer {
  /** It does not hold these (any more): stop, and report nothing. */
  readonly lost: readonly TaskReference[];
  /** Someone cancelled these: stop, and confirm. */
  readonly cancel: readonly TaskReference[];
}

const collectorOf = oncePerProcess((runtime: Runtime) => new HeartbeatCollector(runtime));
const recovering = systemCaller("liveness");

/**
 * A sign of life, which extends the leases of the listed tasks, and only of those. Heartbeats are collected and written
 * together, so the answer takes up to half a second. An agent that was lost recovers, unless its assignment channel is
 * broken: that takes a new connection or inbox. Throws `NotFound`, and `Conflict` when the incarnation is not the newest
 * one or the sequence number does not rise.
 */
export async function heartbeat(runtime: Runtime, caller: Caller, input: HeartbeatInput): Promise<HeartbeatAnswer> {
  caller = authorizeAgent(caller, input.agentId);
  const given = parseInput(Heartbeat, input);
  const written = await collectorOf(runtime).write({ ...given, load: given.load ?? null, reach: reachOf(caller) });
  if (!written) throw new NotFound("agent");
  if (written.incarnation !== given.incarnation) {
    throw new Conflict("incarnation", String(given.incarnation), String(written.incarnation));
  }
  if (!written.counted)
    throw new Conflict("a heartbeat sequence above", String(written.sequence), String(given.sequence));
  if (written.state === LOST_STATE && written.missedOffers < runtime.settings.missedOffersLimit)
    await recover(runtime, given.agentId);
  return { lost: written.lost, cancel: written.cancel };
}

async function recover(runtime: Runtime, agentId: string): Promise<void> {
  const move = {
    agentId,
    action: "RECOVER",
    trigger: "system",
    reason: "Its heartbeats are back.",
    expectedState: LOST_STATE,
  } as const;
  await moveAgent(runtime, recovering, move).catch((error: unknown) => {
    // Somebody else moved it meanwhile.
    if (!(error instanceof Conflict || error instanceof IllegalTransition)) throw error;
  });
}
