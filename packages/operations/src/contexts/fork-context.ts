import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { formatContextVersionId } from "@muster/domain/ids.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { parseInput, text } from "../input.ts";
import { newId } from "../new-id.ts";
import { hasNoQuota, requireRoom } from "../quotas/require-room.ts";
import { takeStorage } from "../quotas/storage-quota.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { appendVersion } from "./versions/append-version.ts";
import { contextEvent, contextEventValues } from "./context-event.ts";
import { type Context, readContext } from "./context-queries.ts";
import { callingAgent } from "./context-scope.ts";
import { prepareData } from "./versions/data-hash.ts";
import { contentOf } from "./versions/version-contents.ts";
import { loadVersionData } from "./versions/version-queries.ts";

const ForkContext = z.object({
  contextId: z.uuid(),
  /** The version to start from. */
  number: z.number().int().min(1).max(2_147_483_647),
  /** Whose memory the new context is; null: the project's agents share it. */
  agentId: z.uuid().nullish(),
  name: text(200),
  message: text(1_000).nullish(),
});
export type ForkContextInput = z.input<typeof ForkContext>;

const insertFork = statement<{ id: string }>(`
  with forked as (
    insert into contexts (id, workspace_id, project_id, agent_id, name, forked_from_id, forked_from_version)
    select $1, c.workspace_id, c.project_id, $4::uuid, $5, c.id, $3 from contexts c
    where c.id = $2 and ($12::boolean or ${hasNoQuota("maxContexts", "c.workspace_id")})
    on conflict do nothing returning *
  ), happened as (
    select ${contextEvent("context.opened", "jsonb_build_object('name', name, 'forkedFrom', $11::text)", 6)}
    from (select *, created_at as at from forked) forked
  ), appended as (${appendEvents("happened")})
  select id from forked`);

const workspaceOf = statement<{ workspaceId: string }>(
  `select c.workspace_id as "workspaceId" from contexts c where c.id = $1`,
);

const ownerInProject = statement<{ id: string }>(`
  select a.id from agents a join contexts c on c.id = $1 and a.project_id = c.project_id
  where a.id = $2 and ($3::uuid is null or a.id = $3)`);

/**
 * Starts a context of the same project from a version of another: its version 1 has that version's data. Nothing else comes along: no
 * pins, no holds, no settings, and what happens to either later does not concern the other.
 *
 * Throws `NotFound` without the version or the agent (an agent's own credentials open contexts of their own and shared ones only),
 * `VersionPruned` when retention has removed the version's data, `InvalidInput` when the name is taken, and `LimitExceeded` when the
 * workspace has as many contexts, or as much data, as it may.
 */
export async function forkContext(runtime: Runtime, caller: Caller, input: ForkContextInput): Promise<Context> {
  caller = authorize(caller, "context.write");
  const { contextId, number, agentId = null, name, message = null } = parseInput(ForkContext, input);
  return writeAll(runtime, async (transaction) => {
    const [source] = await loadVersionData(transaction, caller, [{ contextId, number }]);
    if (!source) throw new NotFound("context version");
    if (agentId !== null) await requireOwner(transaction, caller, contextId, agentId);
    const values = [
      newId(),
      contextId,
      number,
      agentId,
      name,
      ...contextEventValues(caller, null),
      formatContextVersionId(contextId, number),
    ];
    const fork = await insertWithRoom(transaction, contextId, values);
    if (!fork) {
      const whose = agentId === null ? "project shares" : "agent has";
      throw new InvalidInput([{ path: ["name"], message: `is taken: the ${whose} a context of this name.` }]);
    }
    const data = prepareData(source.data);
    const content = contentOf(data, null);
    const written = await appendVersion(transaction, caller, {
      contextId: fork.id,
      data,
      content,
      takesRoom: true,
      message,
      expectedVersion: 0,
      baseVersion: null,
      rolledBackTo: null,
      idempotencyKey: null,
      mergedFrom: null,
      reason: null,
    });
    if (!written)
      throw new Error(`Nothing speaks against writing to the new context ${fork.id}, and yet it was not done.`);
    await takeStorage(transaction, fork.id, Buffer.byteLength(content.body));
    return readContext(transaction, caller, fork.id);
  });
}

async function insertWithRoom(
  transaction: Connection,
  contextId: string,
  values: readonly unknown[],
): Promise<{ id: string } | undefined> {
  const [unlimited] = await transaction.run(insertFork, [...values, false]);
  if (unlimited) return unlimited;
  const [source] = await transaction.run(workspaceOf, [contextId]);
  if (source) await requireRoom(transaction, "maxContexts", source.workspaceId);
  return (await transaction.run(insertFork, [...values, true]))[0];
}

/** Agents of other projects, and others where an agent itself asks, are not there. */
async function requireOwner(
  transaction: Connection,
  caller: Caller,
  contextId: string,
  agentId: string,
): Promise<void> {
  const [owner] = await transaction.run(ownerInProject, [contextId, agentId, callingAgent(caller)]);
  if (!owner) throw new NotFound("agent");
}
