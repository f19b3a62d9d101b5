import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { FreeAgent, ReadyTask } from "@muster/domain/match-tasks.ts";
import { availableAgent, capacityOf } from "./available-agent.ts";
import { HELD } from "./task.ts";

/** So many tasks of a lane are looked at, however little room there is. */
export const LEAST_DEEP = 32;

/** An agent as a claim finds it. */
export interface ClaimingAgent extends Omit<FreeAgent, "wants"> {
  readonly workspaceId: string;
  readonly incarnation: number;
  readonly available: boolean;
}

/** How many tasks of a limited queue or workspace are held. */
export interface HeldCount {
  readonly projectId: string | null;
  readonly queue: string | null;
  readonly workspaceId: string;
  readonly max: number;
  readonly held: number;
}

/** All that a round of claims is decided on, as of one moment. */
export interface ReadyWork {
  readonly agents: readonly ClaimingAgent[];
  /** Those that may be handed out, and those of rate limits. */
  readonly tasks: readonly ReadyTask[];
  readonly slots: readonly {
    readonly projectId: string;
    readonly concurrencyKey: string;
    readonly taken: readonly number[];
  }[];
  /** The limits that the tasks fall under. */
  readonly queues: readonly HeldCount[];
  readonly workspaces: readonly (HeldCount & { readonly projects: Readonly<Record<string, number>> })[];
}

type Lane = Pick<
  ReadyTask,
  "workspaceId" | "projectId" | "queue" | "capability" | "targetAgentId" | "requiredLabels"
> & {
  readonly id: number;
};

/** One task; and, in the first row, which is there without a task too, all the rest. */
type ReadyRow = Omit<ReadyTask, keyof Lane> & {
  readonly id: string;
  readonly facts: (Omit<ReadyWork, "tasks"> & { readonly lanes: readonly Lane[] }) | null;
};

/** A select that counts what is held of each queue of the CTE `source` (workspace_id, project_id, queue, max) that has a limit. */
export function heldInQueues(source: string): string {
  return `select q.workspace_id as "workspaceId", q.project_id as "projectId", q.queue, q.max,
      (select count(*)::int from tasks h where h.workspace_id = q.workspace_id and h.project_id = q.project_id
        and h.state = any(${HELD}) and h.queue = q.queue) as held
    from ${source} q where q.max is not null`;
}

/** The same for each workspace of `source` (workspace_id, max): also by project. */
export function heldInWorkspaces(source: string): string {
  return `select w.workspace_id as "workspaceId", null as "projectId", null as queue, w.max,
      coalesce(h.projects, '{}'::jsonb) as projects, coalesce(h.held, 0) as held
    from ${source} w cross join lateral (
      select jsonb_object_agg(p.project_id, p.held) as projects, sum(p.held)::int as held from (
        select t.project_id, count(*)::int as held from tasks t where t.workspace_id = w.workspace_id and t.state = any(${HELD}) group by 1
      ) p
    ) h where w.max is not null`;
}

/**
 * What there is to hand out. $1 agents that ask; $2 at most so many tasks of each lane and of each project, and no more than the agents
 * have room for (but some, of which the keys may be busy); $3 limit of missed offers.
 * Writes and locks nothing. A lane is read from its head by its index: what a task costs does not depend on how many wait. Lanes of
 * paused and full queues, and of full workspaces, are passed over.
 */
const readyRows = statement<ReadyRow>(`
  with present as materialized (select clock_timestamp() as at),
  agent as materialized (
    select a.id, a.workspace_id, a.project_id, a.incarnation, a.capabilities, a.labels, a.active_tasks, ${capacityOf("a")} as capacity,
           (${availableAgent("a", "$3::int")}) as available
    from agents a where a.id = any($1::uuid[])
  ),
  deep as materialized (
    select greatest(${LEAST_DEEP}, least($2::int, sum(a.capacity - a.active_tasks)))::int as rows from agent a where a.available
  ),
  wanted as materialized (
    select distinct a.project_id, c.capability from agent a cross join unnest(a.capabilities) as c(capability) where a.available
  ),
  near as materialized (
    select l.* from wanted w join lanes l on l.project_id = w.project_id and l.capability = w.capability and l.target_agent_id is null
    union all
    select l.* from lanes l where l.target_agent_id in (select a.id from agent a where a.available)
  ),
  queue as materialized (
    select distinct n.workspace_id, n.project_id, n.queue, q.max_running as max from near n
    join queues q on q.project_id = n.project_id and q.name = n.queue where q.paused_at is null
  ),
  workspace as materialized (
    select w.id as workspace_id, w.max_running_tasks as max from workspaces w where w.id in (select n.workspace_id from near n)
  ),
  queue_count as materialized (${heldInQueues("queue")}),
  workspace_count as materialized (${heldInWorkspaces("workspace")}),
  open as materialized (
    select n.* from near n
    join queue q on q.project_id = n.project_id and q.queue = n.queue
    where not exists (select from queue_count c where c."projectId" = n.project_id and c.queue = n.queue and c.held >= c.max)
      and not exists (select from workspace_count c where c."workspaceId" = n.workspace_id and c.held >= c.max)
  ),
  head as materialized (
    select t.*, row_number() over (partition by t.project_id order by t.priority desc, t.run_at, t.id) as place
    from open l cross join lateral (
      select t.id, t.lane_id, t.project_id, t.priority, t.run_at,
             t.concurrency_key, t.concurrency_limit, t.rate_limit_key
      from tasks t
      where t.lane_id = l.id and t.state = 'QUEUED' and t.parked_for is null and (t.deadline is null or t.deadline > (select at from present))
      order by t.priority desc nulls last, t.run_at, t.id limit (select rows from deep)
    ) t
  ),
  ready as materialized (select * from head where place <= (select rows from deep)),
  slot as materialized (
    select k.project_id, k.concurrency_key, array_agg(h.concurrency_slot) as taken
    from (select distinct project_id, concurrency_key from ready where concurrency_key is not null) k
    join tasks h on h.project_id = k.project_id and h.concurrency_key = k.concurrency_key and h.state = any(${HELD})
    group by 1, 2
  )
  select r.id, r.lane_id as "laneId", r.priority, extract(epoch from r.run_at)::float8 * 1000 as "readySince",
    r.concurrency_key as "concurrencyKey", r.concurrency_limit as "concurrencyLimit", r.rate_limit_key as "rateLimitKey",
    case when row_number() over () = 1 then jsonb_build_object(
      'agents', coalesce((select jsonb_agg(jsonb_build_object('id', a.id, 'workspaceId', a.workspace_id, 'projectId', a.project_id,
        'incarnation', a.incarnation, 'capabilities', a.capabilities, 'labels', a.labels, 'active', a.active_tasks, 'capacity', a.capacity,
        'available', a.available)) from agent a), '[]'),
      'lanes', coalesce((select jsonb_agg(jsonb_build_object('id', o.id, 'workspaceId', o.workspace_id, 'projectId', o.project_id,
        'queue', o.queue, 'capability', o.capability, 'targetAgentId', o.target_agent_id, 'requiredLabels', o.required_labels))
        from open o where o.id in (select r.lane_id from ready r)), '[]'),
      'slots', coalesce((select jsonb_agg(jsonb_build_object('projectId', s.project_id, 'concurrencyKey', s.concurrency_key, 'taken', s.taken))
        from slot s), '[]'),
      'queues', coalesce((select jsonb_agg(to_jsonb(c)) from queue_count c), '[]'),
      'workspaces', coalesce((select jsonb_agg(to_jsonb(c)) from workspace_count c), '[]')) end as facts
  from (select) one left join ready r on true`);

/** Reads it. $1 to $3 as above. */
export async function readReadyWork(connection: Connection, values: readonly unknown[]): Promise<ReadyWork> {
  const rows = await connection.run(readyRows, values);
  const facts = rows[0]?.facts;
  if (!facts) throw new Error("The database gave no answer.");
  const lanes = new Map(facts.lanes.map((lane) => [lane.id, lane]));
  const tasks = rows.flatMap(({ facts: _, ...row }) => {
    const lane = lanes.get(row.laneId);
    return lane ? [{ ...lane, ...row }] : [];
  });
  return { ...facts, tasks };
}
