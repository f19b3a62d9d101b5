import type { TaskState } from "@muster/domain/task-lifecycle.ts";
import { sql } from "drizzle-orm";
import { type BulkJob, type BulkJobTarget } from "../src/bulk-jobs/bulk-job.ts";
import { getBulkJobs, listBulkJobTargets } from "../src/bulk-jobs/bulk-job-queries.ts";
import { createBulkJob } from "../src/bulk-jobs/create-bulk-job.ts";
import type { TaskJobKind } from "../src/bulk-jobs/chosen-tasks.ts";
import { runBulkJobs } from "../src/bulk-jobs/run-bulk-jobs.ts";
import type { Runtime } from "../src/runtime.ts";
import { type Fixture, only } from "./fixtures.ts";

interface Added {
  readonly kind?: string;
  readonly state?: TaskState;
  readonly place?: { workspaceId: string; projectId: string };
}

/**
 * Writes this many tasks in this state that nobody holds; gives their ids, oldest first. Their history is true for states that a
 * task begins in, and for CANCELLED.
 */
export async function addTasks(
  { database, workspaceId, projectId }: Fixture,
  count: number,
  { kind = "build", state = "QUEUED", place = { workspaceId, projectId } }: Added = {},
): Promise<string[]> {
  const rows = await database.query<{ id: string }>(sql`
    with lane as (
      insert into lanes (workspace_id, project_id, queue, capability, required_labels)
      values (${place.workspaceId}, ${place.projectId}, 'default', ${kind}, '{}')
      on conflict on constraint lanes_key do update set queue = excluded.queue returning *
    ),
    queue as (
      insert into queues (id, workspace_id, project_id, name) select gen_random_uuid(), workspace_id, project_id, queue from lane
      on conflict (project_id, name) do nothing
    ),
    created as (
      insert into tasks (id, workspace_id, project_id, lane_id, kind, queue, capability, state, version, input, created_at, state_since, finished_at)
      select gen_random_uuid(), workspace_id, project_id, id, capability, queue, capability, ${state}::text,
        case ${state}::text when 'CANCELLED' then 2 else 1 end, '{}', now.at, now.at,
        case when ${state}::text in ('SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED') then now.at end
      from lane, generate_series(1, ${count}::int) n, lateral (select clock_timestamp() as at where n > 0) now
      returning *
    ),
    logged as (
      insert into events (workspace_id, project_id, type, subject_id, subject_version, task_id, actor_kind, actor_name, at, payload)
      select workspace_id, project_id, 'task.transitioned', id, step.version, id, 'SYSTEM', 'test', state_since,
        jsonb_build_object('from', step.origin, 'to', step.target, 'action', step.action, 'attempt', 0, 'kind', kind, 'durationMs', step.ms)
      from created c cross join lateral (
        select 1 as version, null as origin, case c.version when 1 then c.state else 'QUEUED' end as target, 'CREATE' as action, null::int as ms
        union all
        select 2, 'QUEUED', c.state, 'CANCEL', 0 where c.version = 2
      ) step
      order by step.version
    )
    select id from created order by created_at, id`);
  return rows.map(({ id }) => id);
}

/** What tests of bulk jobs do again and again, on one fixture. */
export function bulkJobsOn(fixture: Fixture) {
  const { runtime, admin, database, projectId } = fixture;
  const ask =
    (kind: TaskJobKind) =>
    (kinds: readonly string[], more: Partial<Parameters<typeof createBulkJob>[3]> = {}, caller = admin) =>
      createBulkJob(runtime, caller, kind, {
        projectId,
        reason: "too many",
        ...more,
        filter: { kinds: [...kinds], ...more.filter },
      });
  const find = async (jobId: string): Promise<BulkJob> => {
    const [job] = await getBulkJobs(runtime, admin, [jobId]);
    if (!job) throw new Error("There is no such job.");
    return job;
  };
  return {
    cancel: ask("CANCEL"),
    retry: ask("RETRY"),
    find,

    /** Has the loop run until nothing is to be done at once. */
    async round(on: Runtime = runtime): Promise<void> {
      while (await runBulkJobs(on, raise));
    },

    /** Has the loop run until the job is finished, ten seconds at most. */
    async finish(jobId: string, on: Runtime = runtime): Promise<BulkJob> {
      for (const until = performance.now() + 10_000; performance.now() < until;) {
        while (await runBulkJobs(on, raise));
        const job = await find(jobId);
        if (job.finishedAt) return job;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error("The job does not finish.");
    },

    async targets(jobId: string): Promise<BulkJobTarget[]> {
      const { edges } = await only(listBulkJobTargets(runtime, admin, [jobId], { page: { first: 200 } }));
      return edges.map(({ node }) => node);
    },

    /** How many tasks of a kind are in each state. */
    async states(kind: string): Promise<Record<string, number>> {
      const rows = await database.query<{ state: string; count: number }>(
        sql`select state, count(*)::int as count from tasks where kind = ${kind} group by 1 order by 1`,
      );
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
    },

    /** The job's own events, oldest first. */
    events: (jobId: string) =>
      database.query<{ type: string; version: number; actor: string; reason: string | null; payload: object }>(sql`
        select type, subject_version as version, actor_name as actor, reason, payload from events where subject_id = ${jobId} order by id`),
  };
}

function raise(error: Error): never {
  throw error;
}
