import { statement } from "@muster/database/statement.ts";
import { systemCaller } from "../../authorize.ts";
import type { Runtime } from "../../runtime.ts";
import { settleRollbacks } from "./settle-rollbacks.ts";

const BATCH = 100;

const holdOverdue = statement<{ id: string }>(`
  select c.id from contexts c
  where c.rollback_state = 'PENDING' and c.rollback_since < clock_timestamp() - $1::float8 * interval '1 millisecond'
    and $2::float8 >= $1
  order by c.rollback_since limit ${BATCH} for no key update skip locked`);

const giveUp = statement<never>(`
  update rollback_confirmations r
  set state = 'FAILED', error = 'did not answer within ' || $2::text || ' s', answered_at = clock_timestamp()
  from contexts c
  where c.id = any($1::uuid[]) and r.context_id = c.id and r.version = c.rollback_version and r.state = 'PENDING'`);

/**
 * Makes a sweep that fails rollbacks that are PENDING for longer than `rollbackTimeoutMs`, naming the agents that did not
 * answer. Call it every `intervalMs`, in any number of processes. A sweep that was itself asleep (its process stopped,
 * the database away) cannot tell who was late: it waits one full time-out before it judges anyone.
 */
export function createRollbackSweep(runtime: Runtime, intervalMs: number): () => Promise<void> {
  const caller = systemCaller("rollback sweep");
  const timeout = runtime.settings.rollbackTimeoutMs;
  const longestPause = 1.5 * intervalMs + timeout / 4;
  // The wall clock, because a monotonic one can stand still while the machine sleeps. A clock that is set counts as sleep.
  let awakeSince = Date.now();
  let lastRun = awakeSince;
  return async () => {
    const now = Date.now();
    if (now - lastRun > longestPause || now < lastRun) awakeSince = now;
    lastRun = now;
    try {
      const found = await runtime.database.transaction(async (transaction) => {
        const ids = (await transaction.run(holdOverdue, [timeout, now - awakeSince])).map((context) => context.id);
        if (ids.length === 0) return false;
        await transaction.run(giveUp, [ids, timeout / 1000]);
        await settleRollbacks(transaction, caller, ids);
        return true;
      });
      if (found) runtime.committed();
    } catch (error) {
      awakeSince = Date.now();
      throw error;
    }
  };
}
