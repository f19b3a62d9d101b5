import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../../authorize.ts";
import { parseInput, text } from "../../input.ts";
import { type Runtime, writeAll } from "../../runtime.ts";
import { contextEvent, contextEventValues } from "../context-event.ts";
import { type Context, readContext } from "../context-queries.ts";
import { lockLastRollback } from "./last-rollback.ts";

const ForceRollback = z.object({
  contextId: z.uuid(),
  reason: text(1_000),
  expectedVersion: z.number().int().min(0).max(2_147_483_647).nullish(),
});
export type ForceRollbackInput = z.input<typeof ForceRollback>;

const force = statement<never>(`
  with forced as (
    update contexts c set rollback_state = 'SUCCEEDED'
    from context_versions newest
    where c.id = $1 and newest.context_id = c.id and newest.number = c.current_version
    returning c.*, greatest(clock_timestamp(), c.rollback_since, newest.created_at) as at
  ), missing as (
    select coalesce(jsonb_agg(jsonb_build_object('agent', a.name, 'error', r.error) order by a.name), '[]') as agents
    from forced f
    join rollback_confirmations r on r.context_id = f.id and r.version = f.rollback_version and r.state <> 'SUCCEEDED'
    join agents a on a.id = r.agent_id
  ), happened as (
    select ${contextEvent(
      "context.rollback_settled",
      "jsonb_build_object('version', rollback_version, 'state', rollback_state, 'error', null, 'forced', true, 'unconfirmed', agents)",
      2,
    )}
    from (select f.*, m.agents from forced f cross join missing m) source
  ), appended as (${appendEvents("happened")})
  select 1 from forced`);

/**
 * A person declares the last rollback SUCCEEDED although not every agent has confirmed it. What the agents have answered stays as it
 * is, and those that have not are still asked; the event says who forced it, why, and which agents had not confirmed.
 *
 * Throws `NotFound` when there was no rollback, `Conflict` when the last one did not append `expectedVersion`, and
 * `IllegalTransition` when it has succeeded.
 */
export async function forceRollback(runtime: Runtime, caller: Caller, input: ForceRollbackInput): Promise<Context> {
  caller = authorize(caller, "context.rollBack");
  const { contextId, reason, expectedVersion = null } = parseInput(ForceRollback, input);
  return writeAll(runtime, async (transaction) => {
    await lockLastRollback(transaction, caller, { contextId, expectedVersion, action: "FORCE" });
    await transaction.run(force, [contextId, ...contextEventValues(caller, reason)]);
    return readContext(transaction, caller, contextId);
  });
}
