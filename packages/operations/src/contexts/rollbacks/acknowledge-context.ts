import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorizeAgent } from "../../authorize.ts";
import { parseInput, text } from "../../input.ts";
import { type Runtime, writeAll } from "../../runtime.ts";
import { contextEvent, contextEventValues } from "../context-event.ts";
import { type Context, lockContext, readContext } from "../context-queries.ts";
import { contextScopeOf, inContextScope } from "../context-scope.ts";
import { recordReader } from "../record-reader.ts";
import { settleRollbacks } from "./settle-rollbacks.ts";

const AcknowledgeContext = z.object({
  contextId: z.uuid(),
  agentId: z.uuid(),
  version: z.number().int().min(1).max(2_147_483_647),
  ok: z.boolean(),
  error: text(2_000, 0).nullish(),
});
export type AcknowledgeContextInput = z.input<typeof AcknowledgeContext>;

/** Is the context in reach of the caller, and the agent one that may use it? Does a rollback wait for its answer? */
const seenByAgent = statement<{ currentVersion: number; asked: boolean }>(`
  select c.current_version as "currentVersion", exists (
      select from rollback_confirmations r
      where r.context_id = c.id and r.agent_id = $5 and r.state = 'PENDING' and r.version <= $6) as asked
  from contexts c join agents a on a.id = $5 and a.project_id = c.project_id and (c.agent_id is null or c.agent_id = a.id)
  where c.id = $1 and ${inContextScope("c", 2)}`);

/** Answers each rollback that waits for the agent, with one event for each: repeating it finds none that waits. */
const answer = statement<never>(`
  with answered as (
    update rollback_confirmations
    set state = case when $4 then 'SUCCEEDED' else 'FAILED' end, error = case when not $4 then $5::text end,
        answered_at = greatest(clock_timestamp(), created_at)
    where context_id = $1 and agent_id = $2 and version <= $3 and state = 'PENDING'
    returning context_id, agent_id as answering, version, state, error, answered_at
  ), happened as (
    select ${contextEvent(
      "context.rollback_confirmed",
      "jsonb_build_object('agent', answering_name, 'version', version, 'ok', ok, 'error', error)",
      6,
      "answering",
    )}
    from (
      select c.*, r.answering, a.name as answering_name, r.version, r.state = 'SUCCEEDED' as ok, r.error,
             greatest(r.answered_at, newest.created_at) as at
      from answered r
      join agents a on a.id = r.answering
      join contexts c on c.id = r.context_id
      join context_versions newest on newest.context_id = c.id and newest.number = c.current_version) source
  ), appended as (${appendEvents("happened")})
  select 1 from answered`);

/**
 * An agent says that it has loaded this version, or could not. The first answer to a rollback counts, and a version after
 * the rollback's answers it, too: the last agent's `ok` lets it succeed, the first failure lets it fail. Where no
 * rollback waits, a loaded version is recorded as read by the agent, a failure is not. Repeating it changes nothing.
 */
export async function acknowledgeContext(
  runtime: Runtime,
  caller: Caller,
  input: AcknowledgeContextInput,
): Promise<Context> {
  const request = parseInput(AcknowledgeContext, input);
  const { contextId, agentId, version, ok } = request;
  caller = authorizeAgent(caller, agentId);
  const [seen] = await runtime.database.run(seenByAgent, [contextId, ...contextScopeOf(caller), agentId, version]);
  if (!seen) throw new NotFound("context");
  if (version > seen.currentVersion) {
    throw new InvalidInput([
      {
        path: ["version"],
        message: `There is no such version yet; the newest is ${seen.currentVersion}.`,
      },
    ]);
  }
  if (ok) await recordReader(runtime.database, agentId, [{ contextId, number: version }]);
  if (!seen.asked) return readContext(runtime.database, caller, contextId);
  return writeAll(runtime, async (transaction) => {
    await lockContext(transaction, caller, contextId);
    const error = request.error || "it could not load the version";
    await transaction.run(answer, [contextId, agentId, version, ok, error, ...contextEventValues(caller, null)]);
    await settleRollbacks(transaction, caller, [contextId]);
    return readContext(transaction, caller, contextId);
  });
}
