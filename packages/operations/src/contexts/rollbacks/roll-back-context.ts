import { WORKING_STATES } from "@muster/domain/agent-lifecycle.ts";
import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import { z } from "zod";
import { authorize } from "../../authorize.ts";
import { parseInput, text } from "../../input.ts";
import { type Runtime, writeAll } from "../../runtime.ts";
import { appendVersion } from "../versions/append-version.ts";
import { type Context, lockContext, readContext } from "../context-queries.ts";
import { settleRollbacks } from "./settle-rollbacks.ts";
import { loadVersionData, type VersionData } from "../versions/version-queries.ts";
import { versionConflict } from "../versions/version-conflict.ts";

/** The number of a version to go back to. */
export const rollbackTarget = z.number().int().min(1).max(2_147_483_647);

const RollBackContext = z.object({
  contextId: z.uuid(),
  toVersion: rollbackTarget,
  reason: text(1_000),
  expectedVersion: z.number().int().min(0).max(2_147_483_647).nullish(),
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
 * Throws `Conflict` when the newest version is not `expectedVersion`, and as `loadRollbackTarget` does for `toVersion`.
 */
export async function rollBackContext(runtime: Runtime, caller: Caller, input: RollBackContextInput): Promise<Context> {
  caller = authorize(caller, "context.rollBack");
  const { contextId, toVersion, reason, expectedVersion = null } = parseInput(RollBackContext, input);
  return writeAll(runtime, async (transaction) => {
    const users = await transaction.run(holdUsers, [contextId, WORKING_STATES]);
    const before = await lockContext(transaction, caller, contextId);
    if (expectedVersion !== null && expectedVersion !== before.currentVersion) {
      throw versionConflict({ contextId, expectedVersion, currentVersion: before.currentVersion, paths: null });
    }
    const target = await loadRollbackTarget(transaction, caller, before, toVersion);
    await applyRollback(transaction, caller, before, { target, users: users.map((agent) => agent.id), reason });
    return readContext(transaction, caller, contextId);
  });
}

/**
 * The version to go back to, with its data, verified. Throws `InvalidInput` when it is not older than the newest one, and
 * `VersionPruned` when retention has removed its data.
 */
export async function loadRollbackTarget(
  connection: Connection,
  caller: Caller,
  { id, currentVersion }: Pick<Context, "id" | "currentVersion">,
  toVersion: number,
): Promise<VersionData> {
  const keys = toVersion < currentVersion ? [{ contextId: id, number: toVersion }] : [];
  const [target] = await loadVersionData(connection, caller, keys);
  if (target) return target;
  const message =
    currentVersion > 1
      ? `must be older than the newest version, ${currentVersion}.`
      : `there is nothing to go back to: the context has ${currentVersion === 1 ? "one version" : "no version"}.`;
  throw new InvalidInput([{ path: ["toVersion"], message }]);
}

/**
 * Makes a rollback to the data of `target`, in a transaction that holds the rows of the context (`before`, as it is) and of its users
 * that are running. `toBundle`: as a part of a rollback of the whole agent.
 */
export async function applyRollback(
  transaction: Connection,
  caller: Caller,
  before: Pick<Context, "id" | "currentVersion">,
  rollback: {
    readonly target: VersionData;
    readonly users: readonly string[];
    readonly reason: string;
    readonly toBundle?: number;
  },
): Promise<void> {
  const { target, users, reason, toBundle = null } = rollback;
  await transaction.run(supersedeRollback, [before.id]);
  await settleRollbacks(transaction, caller, [before.id]);
  const made = await appendVersion(transaction, caller, {
    contextId: before.id,
    data: { hash: target.dataHash, sizeBytes: target.sizeBytes },
    content: null,
    message: reason,
    expectedVersion: before.currentVersion,
    baseVersion: null,
    rolledBackTo: target.number,
    idempotencyKey: null,
    mergedFrom: null,
    reason,
    toBundle,
  });
  if (!made) throw new Error(`Nothing speaks against rolling back context ${before.id}, and yet it was not done.`);
  await transaction.run(beginRollback, [before.id, made.number, users]);
  await settleRollbacks(transaction, caller, [before.id]);
}
