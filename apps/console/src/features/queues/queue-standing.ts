/** What a queue holds, as far as its standing goes. */
export interface QueueLoad {
  readonly name: string;
  readonly paused: boolean;
  readonly maxRunning: number | null;
  readonly depth: {
    readonly ready: { readonly count: number };
    readonly running: { readonly count: number };
    readonly parked: readonly { readonly count: number }[];
    readonly oldestReadyAt: string | null;
  };
}

/** The worst first. */
export const STANDINGS = ["HELD_UP", "LATE", "FULL", "PAUSED", "MOVING", "EMPTY"] as const;
export type Standing = (typeof STANDINGS)[number];

/** A task that could have run so long ago is late. */
const LATE_MS = 300_000;

/** How a queue stands: paused with tasks in it, at its limit, behind, paused and empty, moving, or empty. */
export function standingOf({ paused, maxRunning, depth }: QueueLoad, now: number): Standing {
  const waits = depth.ready.count + depth.parked.reduce((sum, { count }) => sum + count, 0);
  if (paused) return waits > 0 ? "HELD_UP" : "PAUSED";
  if (maxRunning !== null && depth.running.count >= maxRunning && depth.ready.count > 0) return "FULL";
  if (depth.oldestReadyAt !== null && now - Date.parse(depth.oldestReadyAt) > LATE_MS) return "LATE";
  return waits + depth.running.count > 0 ? "MOVING" : "EMPTY";
}

/** Queues in trouble before the others, and else by name: so that a queue moves only when its standing does. */
export function byStanding<Queue extends QueueLoad>(queues: readonly Queue[], now: number): readonly Queue[] {
  const rank = (queue: Queue) => Math.min(STANDINGS.indexOf(standingOf(queue, now)), STANDINGS.indexOf("MOVING"));
  return queues
    .map((queue) => ({ queue, rank: rank(queue) }))
    .toSorted((one, other) => one.rank - other.rank || one.queue.name.localeCompare(other.queue.name))
    .map(({ queue }) => queue);
}
