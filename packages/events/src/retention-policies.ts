import { setTimeout as sleep } from "node:timers/promises";
import { type SQL, sql } from "drizzle-orm";
import { horizonOf, prepareBound } from "./retention-horizon.ts";
import { isKept } from "./retention-kept.ts";
import type { RetentionOptions } from "./retention.ts";
import type { RetentionSession } from "./retention-session.ts";

const BATCH = 2_000;
/** So much at a time, and then the rest another time: other workspaces wait too. */
const ROUND_MS = 20_000;
/** After each rise every project is looked at: not for every minute's events. */
const RAISE_EVERY = "1 hour";

interface Policy {
  readonly workspaceId: string;
  readonly days: number;
  readonly bound: string;
}

/** Workspaces below whose bound there is nothing left to remove, by their id, with that bound. */
export type Cleared = Map<string, string>;

interface PolicyOptions extends Required<Pick<RetentionOptions, "days" | "beforeRemoval">> {
  readonly longest: number | null;
  readonly cleared: Cleared;
}

/**
 * Removes what workspaces keep for less than `longest` days (null: for ever): `days` where they say nothing. A workspace's
 * bound rises first, then its events go in small batches with rests between, for a limited time. Gives how many went.
 */
export async function enforcePolicies(
  session: RetentionSession,
  { days, longest, cleared, beforeRemoval }: PolicyOptions,
): Promise<number> {
  const deadline = performance.now() + ROUND_MS;
  await raiseBounds(session, { days, longest, beforeRemoval });
  // In any order: when there is not enough time for all, it is not always the same ones who wait.
  const workspaces = await session.query<Policy>(sql`
    select w.id as "workspaceId", w.events_retained_from_id::text as bound from workspaces w, installation i
    where w.events_retained_from_id > i.events_retained_from_id order by random()`);
  let removed = 0;
  for (const { workspaceId, bound } of workspaces) {
    if (cleared.get(workspaceId) === bound) continue;
    for (const scope of await scopesOf(session, workspaceId)) {
      removed += await deleteEvents(session, scope, BigInt(bound), deadline);
      if (performance.now() > deadline) return removed;
    }
    cleared.set(workspaceId, bound);
  }
  return removed;
}

async function raiseBounds(
  session: RetentionSession,
  { days, longest, beforeRemoval }: Omit<PolicyOptions, "cleared">,
): Promise<void> {
  const due = await session.query<{ days: number }>(sql`
    select distinct policy.days from workspaces w, lateral (select coalesce(w.event_retention_days, ${days}::int) as days) policy
    where policy.days < coalesce(${longest}::int, policy.days + 1)
      and clock_timestamp() - policy.days * interval '1 day' >= coalesce(w.events_retained_since + ${RAISE_EVERY}::interval, '-infinity')`);
  for (const policy of due) {
    const horizon = await horizonOf(session, policy.days);
    // A bound below which there is nothing would only put off the next one.
    if (!horizon || horizon.id <= 1n) continue;
    const { id, since } = horizon;
    const isDue = sql`coalesce(w.event_retention_days, ${days}::int) = ${policy.days}::int and w.events_retained_from_id < ${String(id)}::bigint
        and ${since.toISOString()}::timestamptz >= coalesce(w.events_retained_since + ${RAISE_EVERY}::interval, '-infinity')`;
    const rising = await session.query<{ id: string }>(sql`select w.id from workspaces w where ${isDue}`);
    const workspaceIds = rising.map((workspace) => workspace.id);
    await beforeRemoval({ workspaceIds, before: id });
    await prepareBound(session, id);
    await session.query(sql`
      update workspaces w set events_retained_from_id = ${String(id)}::bigint, events_retained_since = ${since.toISOString()}::timestamptz
      where w.id = any(${sql.param(workspaceIds)}::uuid[]) and ${isDue}`);
  }
}

/** Conditions on `e` that an index by project and id serves, which together are all events of a workspace. */
async function scopesOf(session: RetentionSession, workspaceId: string): Promise<SQL[]> {
  const projects = await session.query<{ id: string }>(
    sql`select id from projects where workspace_id = ${workspaceId}::uuid`,
  );
  return [
    ...projects.map(({ id }) => sql`e.project_id = ${id}::uuid`),
    sql`e.project_id is null and e.workspace_id = ${workspaceId}::uuid`,
  ];
}

/** The events below `bound` that are to go, after an id: by the index alone, a batch at most. */
export function doomedQuery(scope: SQL, bound: bigint, after: string): SQL {
  return sql`select e.id::text as id from events e
    where ${scope} and e.id > ${after}::bigint and e.id < ${sql.raw(`${bound}`)} and not ${isKept(bound)}
    order by e.id limit ${sql.raw(`${BATCH}`)}`;
}

async function deleteEvents(session: RetentionSession, scope: SQL, bound: bigint, deadline: number): Promise<number> {
  let last = "-1";
  let removed = 0;
  while (performance.now() < deadline) {
    session.signal.throwIfAborted();
    const begun = performance.now();
    const ids = (await session.query<{ id: string }>(doomedQuery(scope, bound, last))).map(({ id }) => id);
    const [first, end] = [ids[0], ids.at(-1)];
    if (first === undefined || end === undefined) break;
    // The range leaves out all other partitions when it is planned.
    await session.query(sql`
      delete from events e where e.id = any(${sql.param(ids)}::bigint[]) and e.id >= ${first}::bigint and e.id <= ${end}::bigint`);
    last = end;
    removed += ids.length;
    if (ids.length < BATCH) break;
    await sleep(performance.now() - begun, undefined, { signal: session.signal });
  }
  return removed;
}
