import type { Connection } from "@muster/database/database.ts";
import { rowColumns } from "@muster/database/row-columns.ts";
import { statement } from "@muster/database/statement.ts";
import { contexts } from "@muster/database/tables/contexts.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { parseInput, text } from "../input.ts";
import { newId } from "../new-id.ts";
import { hasNoQuota, requireRoom } from "../quotas/require-room.ts";
import { type Runtime, write, writeAll } from "../runtime.ts";
import { contextEvent, contextEventValues } from "./context-event.ts";
import type { Context } from "./context-queries.ts";
import { contextScopeOf } from "./context-scope.ts";

const OpenContext = z.object({ projectId: z.uuid(), agentId: z.uuid().nullish(), name: text(200) });
export type OpenContextInput = z.input<typeof OpenContext>;

const insertContext = statement<Context>(`
  with owner as (
    select p.workspace_id, p.id as project_id, a.id as agent_id
    from projects p left join agents a on a.id = $3 and a.project_id = p.id
    where p.id = $2 and ($5::uuid[] is null or p.workspace_id = any($5)) and ($6::uuid[] is null or p.id = any($6))
      and ($3::uuid is null or a.id is not null) and ($7::uuid is null or $3::uuid is null or $3 = $7)
  ), found as (
    select c.* from owner o join contexts c on c.project_id = o.project_id and c.name = $4
      and (c.agent_id = o.agent_id or (c.agent_id is null and o.agent_id is null))
  ), opened as (
    insert into contexts (id, workspace_id, project_id, agent_id, name)
    select $1, workspace_id, project_id, agent_id, $4 from owner
    where not exists (select from found) and ($13::boolean or ${hasNoQuota("maxContexts", "owner.workspace_id")})
    on conflict do nothing returning *
  ), happened as (
    select ${contextEvent("context.opened", "jsonb_build_object('name', name)", 8)}
    from (select *, created_at as at from opened) opened
  ), appended as (${appendEvents("happened")})
  select ${rowColumns(contexts, "c")} from (table found union all table opened) c`);

const workspaceOf = statement<{ workspaceId: string }>(`
  select p.workspace_id as "workspaceId" from projects p
  where p.id = $1 and ($2::uuid[] is null or p.workspace_id = any($2)) and ($3::uuid[] is null or p.id = any($3))`);

/**
 * The context with this name of the agent, or without one of the project: makes it when there is none. Any number of
 * callers at once get the same one. Throws `NotFound` without the project or agent, and, for an agent's own
 * credentials, for the context of another; `LimitExceeded` when the workspace has as many contexts as it may.
 */
export async function openContext(runtime: Runtime, caller: Caller, input: OpenContextInput): Promise<Context> {
  caller = authorize(caller, "context.write");
  const { projectId, agentId = null, name } = parseInput(OpenContext, input);
  const values = [newId(), projectId, agentId, name, ...contextScopeOf(caller), ...contextEventValues(caller, null)];
  const [context] = await write(runtime, insertContext, [...values, false]);
  if (context) return context;
  // Nobody may see it, there may be no room, or somebody else has just made it: then a new statement finds it.
  const made = await writeAll(runtime, (transaction) => openWithRoom(transaction, caller, projectId, values));
  if (made) return made;
  throw new NotFound(agentId === null ? "project" : "agent");
}

async function openWithRoom(
  transaction: Connection,
  caller: Caller,
  projectId: string,
  values: readonly unknown[],
): Promise<Context | undefined> {
  const [place] = await transaction.run(workspaceOf, [projectId, ...reachOf(caller)]);
  const [found] = await transaction.run(insertContext, [...values, false]);
  if (found || !place) return found;
  await requireRoom(transaction, "maxContexts", place.workspaceId);
  return (await transaction.run(insertContext, [...values, true]))[0];
}
