import { statement } from "@muster/database/statement.ts";
import { systemCaller } from "../authorize.ts";
import type { Runtime } from "../runtime.ts";
import { type Move, movesStatement, moveTasks } from "./move-tasks.ts";

const BATCH = 100;

// All compare with $13, the time at which this process was last known to be awake, and not with the time of the statement: a
// process that was stopped in between would find leases expired that nobody could extend.
const leases = movesStatement({
  actions: ["RETURN", "RETRY", "FAIL"],
  where: "t.lease_until <= $13::timestamptz",
  batch: { orderBy: "t.lease_until", limit: BATCH },
});
const cancellations = movesStatement({
  actions: ["CONFIRM"],
  where: "t.cancel_until <= $13::timestamptz",
  batch: { orderBy: "t.cancel_until", limit: BATCH },
});
const timeouts = movesStatement({
  actions: ["RETRY", "FAIL"],
  where: "t.timeout_at <= $13::timestamptz",
  batch: { orderBy: "t.timeout_at", limit: BATCH },
});
const deadlines = movesStatement({
  actions: ["EXPIRE"],
  where: "t.deadline <= $13::timestamptz",
  batch: { orderBy: "t.deadline", limit: BATCH },
});

/** In each round, in this order. Those that judge agents wait after a sleep. */
const SWEEPS: readonly { readonly statement: typeof leases; readonly judges: boolean; readonly move: Move }[] = [
  { statement: timeouts, judges: false, move: failure("timeout", "The attempt ran longer than its timeoutMs.") },
  { statement: deadlines, judges: false, move: { reason: "Its deadline has passed." } },
  { statement: cancellations, judges: true, move: { reason: "It did not stop within the grace period." } },
  { statement: leases, judges: true, move: failure("lease_expired", "Its agent gave no sign of life in time.") },
];

const clock = statement<{ at: string; ms: number }>(
  "select c::text as at, extract(epoch from c)::float8 * 1000 as ms from clock_timestamp() c",
);

/**
 * Ends what has run out of time. Any number of replicas may sweep at once, every second or so (at least four times in
 * `leaseMs`): they leave each other's rows alone.
 */
export class TaskSweeper {
  readonly #runtime: Runtime;
  readonly #caller = systemCaller("task sweeper");
  #awakeAt: number | null = null;
  #judgesFrom = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /**
   * One round. Expired leases: a run is tried again or fails, an offer that was not started goes back and counts against its
   * agent (`missedOffers`). Time limits, deadlines and grace periods of cancellation likewise. After a sleep
   * (a new or stopped process, the database away) agents get one lease time before anything is held against them.
   */
  async sweep(): Promise<void> {
    for (const { statement: sweep, judges, move } of SWEEPS) {
      for (let moved = BATCH; moved === BATCH;) {
        const present = await this.#present();
        if (judges && present.ms < this.#judgesFrom) break;
        moved = (await moveTasks(this.#runtime, this.#caller, sweep, move, [present.at])).length;
      }
    }
  }

  async #present(): Promise<{ at: string; ms: number }> {
    const [present] = await this.#runtime.database.run(clock, []);
    if (!present) throw new Error("The database has no clock.");
    const { leaseMs } = this.#runtime.settings;
    if (this.#awakeAt === null || present.ms - this.#awakeAt > leaseMs / 2) this.#judgesFrom = present.ms + leaseMs;
    this.#awakeAt = present.ms;
    return present;
  }
}

function failure(kind: string, message: string): Move {
  return { reason: message, error: { kind, message, retryable: true } };
}
