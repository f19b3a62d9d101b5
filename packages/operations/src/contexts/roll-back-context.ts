import { WORKING_STATES } from "@muster/domain/agent-lifecycle.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict, InvalidInput } from "@muster/domain/errors.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { parseInput, text } from "../input.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { appendVersion } from "./append-version.ts";
import { type Context, lockContext, readContext } from "./context-queries.ts";
import { prepareData } from "./data-hash.ts";
import { settleRollbacks } from "./settle-rollbacks.ts";
import { loadVersionData } from "./version-queries.ts";

const version = z.number().int().min(0).max(2_147_483_647);
const RollBackContext = z.object({
  contextId: z.uuid(),
  toVersion: version.min(1),
  reason: text(1_000),
  expectedVersion: version.nullish(),
});
export type RollBackContextInput = z.input<typeof RollBackContext>;

/** Agents before contexts, in the order of ids: held until the end, so that none leaves unnoticed while the set is fixed. */
const holdUsers = statement<{ id: string }>(`
  select a.id from agents a
  where a.id in (
      select c.agent_id from contexts c where c.id = $1
      union all
      select r.agent_id from context_readers r where r.context_id = $1)
    and a.state = any($2::text[])
  order by a.id for share`);

const supersedeRollback = statement<never>(`
  update rollback_confirmations r set state = 'FAILED', error = 'a newer rollback took its place', answered_at = clock_timestamp()
  from contexts c
  where c.id = $1 and c.rollback_state = 'PENDING' and r.context_id = c.id and r.version = c.rollback_version and r.state = 'PENDING'`);

const beginRollback = statement<never>(`
  with begun as (
    update contexts c
    set rollback_pointer = made.rolled_back_to, rollback_version = made.number, rollback_since = made.created_at, rollback_state = 'PENDING'
    from context_versions made
    where c.id = $1 and made.context_id = c.id and made.number = c.current_version and made.number = $2
    returning c.*, made.data_hash
  ), held as (
    update context_versions v
    set held_since = case when v.data_hash = b.data_hash then null else b.rollback_since end
    from begun b
    where v.context_id = b.id and (
      (v.number > b.rollback_pointer and v.number < b.rollback_version and v.data_hash <> b.data_hash and v.held_since is null)
      or (v.data_hash = b.data_hash and v.held_since is not null))
  )
  insert into rollback_confirmations (context_id, version, agent_id, created_at)
  select b.id, b.rollback_version, agent.id, b.rollback_since from begun b cross join unnest($3::uuid[]) as agent(id)`);

/**
 * Appends a version that repeats the data of `toVersion`; nothing is rewritten. Versions in between whose data differs
 * are held: equal data is refused until someone releases it (going back to held data releases it, too). The agents that
 * use the context and are running now have to load the new version: each answers once (`acknowledgeContext`), and until
 * then the rollback is PENDING. One that is still PENDING settles as FAILED first: a newer one takes its place.
 *
 * Throws `Conflict` when the newest version is not `expectedVersion`, `InvalidInput` when `toVersion` is not older than it.
 */
export async function rollBackContext(runtime: Runtime, caller: Caller, input: RollBackContextInput): Promise<Context> {
  authorize(caller, "context.rollBack");
  const { contextId, toVersion, reason, expectedVersion = null } = parseInput(RollBackContext, input);
  return writeAll(runtime, async (transaction) => {
    const users = await transaction.run(holdUsers, [contextId, WORKING_STATES]);
    const before = await lockContext(transaction, caller, contextId);
    if (expectedVersion !== null && expectedVersion !== before.currentVersion) {
      throw new Conflict("context version", String(expectedVersion), String(before.currentVersion));
    }
    const [target] = await loadVersionData(transaction, caller, [{ contextId, number: toVersion }]);
    if (!target || toVersion >= before.currentVersion) {
      throw new InvalidInput([
        {
          path: ["toVersion"],
          message: `must be older than the newest version, ${before.currentVersion}.`,
        },
      ]);
    }
    await transaction.run(supersedeRollback, [contextId]);
    await settleRollbacks(transaction, caller, [contextId]);
    const made = await appendVersion(transaction, caller, {
      contextId,
      data: prepareData(target.data),
      content: null,
      message: reason,
      expectedVersion: before.currentVersion,
      baseVersion: null,
      rolledBackTo: toVersion,
      idempotencyKey: null,
      mergedFrom: null,
      reason,
    });
    if (!made) throw new Error(`Nothing speaks against rolling back context ${contextId}, and yet it was not done.`);
    await transaction.run(beginRollback, [contextId, made.number, users.map((agent) => agent.id)]);
    await settleRollbacks(transaction, caller, [contextId]);
    return readContext(transaction, caller, contextId);
  });
}
