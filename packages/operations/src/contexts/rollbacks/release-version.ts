import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../../authorize.ts";
import { parseInput, text } from "../../input.ts";
import { type Runtime, writeAll } from "../../runtime.ts";
import { contextEvent, contextEventValues } from "../context-event.ts";
import { lockContext } from "../context-queries.ts";
import { loadVersion } from "../versions/version-queries.ts";
import type { ContextVersion } from "../versions/version-row.ts";

const ReleaseVersion = z.object({
  contextId: z.uuid(),
  number: z.number().int().min(1).max(2_147_483_647),
  reason: text(1_000),
});
export type ReleaseVersionInput = z.input<typeof ReleaseVersion>;

const releaseEqual = statement<{ number: number }>(`
  with released as (
    update context_versions v set held_since = null from context_versions named
    where named.context_id = $1 and named.number = $2 and v.context_id = $1 and v.data_hash = named.data_hash and v.held_since is not null
    returning v.number
  ), happened as (
    select ${contextEvent("context.version_released", "jsonb_build_object('numbers', numbers)", 3)}
    from (
      select c.*, r.numbers, greatest(clock_timestamp(), newest.created_at, c.rollback_since) as at
      from contexts c
      join context_versions newest on newest.context_id = c.id and newest.number = c.current_version
      cross join (select jsonb_agg(number order by number) as numbers from released having count(*) > 0) r
      where c.id = $1) source
  ), appended as (${appendEvents("happened")})
  select number from released`);

/**
 * Lifts the hold on a version's data, also on other versions with the same data, so that it may be written again.
 * Changes nothing when it is not held. Throws `NotFound` when there is no such version.
 */
export async function releaseVersion(
  runtime: Runtime,
  caller: Caller,
  input: ReleaseVersionInput,
): Promise<ContextVersion> {
  caller = authorize(caller, "context.rollBack");
  const { contextId, number, reason } = parseInput(ReleaseVersion, input);
  return writeAll(runtime, async (transaction) => {
    await lockContext(transaction, caller, contextId);
    await transaction.run(releaseEqual, [contextId, number, ...contextEventValues(caller, reason)]);
    const version = await loadVersion(transaction, caller, { contextId, number });
    if (!version) throw new NotFound("context version");
    return version;
  });
}
