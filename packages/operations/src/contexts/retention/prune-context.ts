import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { appendEvents } from "@muster/events/append.ts";
import { type Runtime, writeAll } from "../../runtime.ts";
import { contextEvent, contextEventValues } from "../context-event.ts";
import { rebaseContents } from "./rebase-contents.ts";

/** Most versions that one transaction judges. */
const VERSIONS_AT_ONCE = 500;

/**
 * SQL: by how many versions a context may be past its limit before retention looks at it, so that each time it does much at once.
 * `limit` is SQL for how many are kept. As in the index of those with a limit of their own.
 */
export function slackOf(limit: string): string {
  return `greatest(10, ${limit} / 10)`;
}

interface Due {
  /** What has been judged, and what can be: up to the newest that are kept. */
  readonly judged: number;
  readonly last: number;
}

const holdDue = statement<Due>(`
  select c.pruned_through as judged, c.current_version - k.keep as last
  from contexts c join workspaces w on w.id = c.workspace_id
  cross join lateral (select coalesce(c.keep_versions, w.keep_context_versions) as keep) k
  where c.id = $1 and c.current_version - c.pruned_through > k.keep + ${slackOf("k.keep")}
  for no key update of c skip locked`);

interface Verdict {
  /** Versions whose data goes. */
  readonly doomed: readonly number[];
  /** Data that no version needs then, by its hash. */
  readonly unneeded: readonly string[];
  readonly through: number;
}

const judge = statement<Verdict>(`
  with candidate as materialized (
    select number, data_hash from context_versions
    where context_id = $1 and number > $2 and number <= $3 and pruned_at is null order by number limit ${VERSIONS_AT_ONCE}
  ), reached as materialized (
    select case when count(*) < ${VERSIONS_AT_ONCE} then $3::int else max(number) end as through from candidate
  ), kept as materialized (
    select number from context_pins where context_id = $1
    union select rolled_back_to from context_versions where context_id = $1 and rolled_back_to is not null
  ), doomed as materialized (
    select * from candidate d where not exists (select from kept where kept.number = d.number)
  ), needed as materialized (
    select data_hash from context_versions where context_id = $1 and number > (select through from reached) and pruned_at is null
    union select v.data_hash from kept cross join lateral (
      select data_hash from context_versions where context_id = $1 and number = kept.number and pruned_at is null limit 1) v
  )
  select coalesce((select array_agg(number) from doomed), '{}') as doomed,
    coalesce((select array_agg(distinct data_hash) from doomed where data_hash not in (select data_hash from needed)), '{}') as unneeded,
    (select through from reached) as through`);

const prune = statement<never>(`
  with moment as materialized (
    select greatest(clock_timestamp(), newest.created_at) as at
    from contexts c join context_versions newest on newest.context_id = c.id and newest.number = c.current_version where c.id = $1
  ), removed as (
    delete from context_contents where context_id = $1 and data_hash = any($2::text[])
  ), pruned as (
    update context_versions v set pruned_at = moment.at from moment where v.context_id = $1 and v.number = any($3::int[]) returning number
  ), judged as (
    update contexts c set pruned_through = $4 where c.id = $1 returning c.*
  ), happened as (
    select ${contextEvent("context.versions_pruned", "jsonb_build_object('count', count, 'through', pruned_through)", 5)}
    from (
      select c.*, p.count, moment.at from judged c cross join moment
      cross join (select count(*) as count from pruned having count(*) > 0) p) source
  ), appended as (${appendEvents("happened")})
  select 1 from judged`);

/**
 * Does a part of what retention asks for in one context: the newest versions (as many as the context, else its workspace, says) keep
 * their data, and so do those that are pinned and those that a rollback went back to. Of the others the data goes, unless another
 * version has the same; their records stay, so that the chain of hashes still holds. True when something was done: there may be more.
 *
 * One transaction: whenever it ends, all data that is to stay can be read. Leaves a context alone that somebody else holds.
 */
export async function pruneContext(runtime: Runtime, caller: Caller, contextId: string): Promise<boolean> {
  return writeAll(runtime, async (transaction) => {
    const [due] = await transaction.run(holdDue, [contextId]);
    if (!due) return false;
    const [verdict] = await transaction.run(judge, [contextId, due.judged, due.last]);
    if (!verdict) return false;
    const unneeded = new Set(verdict.unneeded);
    if (await rebaseContents(transaction, contextId, unneeded)) {
      const { doomed, through } = verdict;
      await transaction.run(prune, [contextId, [...unneeded], doomed, through, ...contextEventValues(caller, null)]);
    }
    return true;
  });
}
