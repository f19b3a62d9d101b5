import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { limitKey, type Match, type Room } from "@muster/domain/match-tasks.ts";
import { tokensAt } from "../rate-limits/rate-limit.ts";
import { heldInQueues, heldInWorkspaces, type HeldCount, type ReadyWork } from "./ready-tasks.ts";

/** The limits of rates, as they stand under their locks. */
interface LockedRate {
  readonly projectId: string;
  readonly key: string;
  readonly tokens: number;
}

// Whoever counts holds these locks until its claim has committed: so the count is right when it is used. In one order for all.
const lockLimits = statement<LockedRate>(`
  with workspace as materialized (
    select w.id from workspaces w where w.id = any($1::uuid[]) and w.max_running_tasks is not null order by w.id for no key update
  ),
  queue as materialized (
    select q.id from queues q join unnest($2::uuid[], $3::text[]) as i(project_id, name) on i.project_id = q.project_id and i.name = q.name
    where q.max_running is not null and (select count(*) from workspace) >= 0 order by q.id for no key update of q
  ),
  rate as materialized (
    select r.* from rate_limits r join unnest($4::uuid[], $5::text[]) as i(project_id, key) on i.project_id = r.project_id and i.key = r.key
    where (select count(*) from queue) >= 0 order by r.id for no key update of r
  )
  select r.project_id as "projectId", r.key,
         ${tokensAt("r", "clock_timestamp()")} as tokens
  from rate r`);

const countHeld = statement<Pick<ReadyWork, "queues" | "workspaces">>(`
  with queue as materialized (
    select q.workspace_id, q.project_id, q.name as queue, q.max_running as max
    from unnest($2::uuid[], $3::text[]) as i(project_id, name) join queues q on q.project_id = i.project_id and q.name = i.name
  ),
  workspace as materialized (select w.id as workspace_id, w.max_running_tasks as max from workspaces w where w.id = any($1::uuid[])),
  queue_count as materialized (${heldInQueues("queue")}),
  workspace_count as materialized (${heldInWorkspaces("workspace")})
  select coalesce((select jsonb_agg(to_jsonb(c)) from queue_count c), '[]') as queues,
         coalesce((select jsonb_agg(to_jsonb(c)) from workspace_count c), '[]') as workspaces`);

const takeTokens = statement<object>(`
  update rate_limits r
  set tokens = greatest(0, ${tokensAt("r", "clock_timestamp()")} - i.taken),
      refilled_at = clock_timestamp()
  from unnest($1::uuid[], $2::text[], $3::int[]) as i(project_id, key, taken)
  where r.project_id = i.project_id and r.key = i.key`);

/** What the held tasks leave of the limits. Without a word on rate limits: those are known under their locks only. */
export function roomOf({
  queues,
  workspaces,
  slots,
}: Pick<ReadyWork, "queues" | "workspaces"> & Partial<ReadyWork>): Room {
  const left = ({ max, held }: HeldCount) => Math.max(0, max - held);
  return {
    queues: new Map(queues.map((count) => [limitKey(count.projectId ?? "", count.queue ?? ""), left(count)])),
    workspaces: new Map(workspaces.map((count) => [count.workspaceId, left(count)])),
    rateLimits: new Map(),
    slots: new Map((slots ?? []).map((slot) => [limitKey(slot.projectId, slot.concurrencyKey), slot.taken])),
    held: new Map(workspaces.flatMap(({ projects }) => Object.entries(projects))),
  };
}

/** Whether a match falls under a limit that claims have to lock. */
export function isLimited({ task }: Match, room: Room): boolean {
  return (
    task.rateLimitKey !== null ||
    room.workspaces.has(task.workspaceId) ||
    room.queues.has(limitKey(task.projectId, task.queue))
  );
}

/** Locks the limits that these matches fall under, for the rest of the transaction, and gives what is left of them. */
export async function lockRoom(transaction: Connection, matches: readonly Match[]): Promise<Room> {
  const tasks = matches.map(({ task }) => task);
  const workspaceIds = [...new Set(tasks.map((task) => task.workspaceId))];
  const queues = distinct(tasks.map(({ projectId, queue }) => [projectId, queue]));
  const rates = distinct(
    tasks.flatMap(({ projectId, rateLimitKey }) => (rateLimitKey ? [[projectId, rateLimitKey]] : [])),
  );
  const places = [workspaceIds, queues.map(([projectId]) => projectId), queues.map(([, queue]) => queue)];
  const keys = [rates.map(([projectId]) => projectId), rates.map(([, key]) => key)];
  const locked = await transaction.run(lockLimits, [...places, ...keys]);
  const [counted] = await transaction.run(countHeld, places);
  const room = roomOf(counted ?? { queues: [], workspaces: [] });
  const tokens = [
    // One that was deleted limits nothing.
    ...rates.map(([projectId, key]) => [limitKey(projectId, key), Infinity] as const),
    ...locked.map((rate) => [limitKey(rate.projectId, rate.key), rate.tokens] as const),
  ];
  return { ...room, rateLimits: new Map(tokens) };
}

/** Takes a token for each of these tasks. */
export async function useTokens(transaction: Connection, taken: readonly Match[]): Promise<void> {
  const limited = taken.filter(({ task }) => task.rateLimitKey !== null);
  const counts = Map.groupBy(limited, ({ task }) => limitKey(task.projectId, task.rateLimitKey ?? ""));
  if (counts.size === 0) return;
  const rows = [...counts.values()].map((own) => ({ task: own[0]?.task, taken: own.length }));
  await transaction.run(takeTokens, [
    rows.map(({ task }) => task?.projectId),
    rows.map(({ task }) => task?.rateLimitKey),
    rows.map((row) => row.taken),
  ]);
}

function distinct(pairs: readonly (readonly string[])[]): (readonly [string, string])[] {
  const found = new Map(
    pairs.map(([projectId, name]) => [limitKey(projectId ?? "", name ?? ""), [projectId ?? "", name ?? ""] as const]),
  );
  return [...found.values()];
}
