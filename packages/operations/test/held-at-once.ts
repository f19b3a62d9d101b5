import type { Connection } from "@muster/database/database.ts";
import { sql, type SQL } from "drizzle-orm";

/**
 * The most tasks that were held at once of each group, by the log: in the order of the log, an assignment counts one up and letting go
 * one down. An assignment that relied on a task having been let go of is behind it in the log, so no moment is passed over.
 */
export async function mostHeldAtOnce(connection: Connection, group: SQL): Promise<Map<string, number>> {
  const rows = await connection.query<{ group: string; most: number }>(sql`
    select "group", max(held)::int as most from (
      select "group", sum(delta) over (partition by "group" order by id) as held
      from (
        select e.id, (${group})::text as "group",
          (e.payload ->> 'to' in ('ASSIGNED', 'RUNNING', 'CANCELLING'))::int
            - (coalesce(e.payload ->> 'from', '') in ('ASSIGNED', 'RUNNING', 'CANCELLING'))::int as delta
        from events e join tasks t on t.id = e.subject_id where e.type = 'task.transitioned'
      ) step where "group" is not null
    ) moment group by "group"`);
  return new Map(rows.map((row) => [row.group, row.most]));
}

/** Times of the assignments of tasks with a rate limit, in seconds, in order. */
export async function assignmentTimes(connection: Connection, rateLimitKey: string): Promise<number[]> {
  const rows = await connection.query<{ at: number }>(sql`
    select extract(epoch from e.at)::float8 as at from events e join tasks t on t.id = e.subject_id
    where t.rate_limit_key = ${rateLimitKey} and e.type = 'task.transitioned' and e.payload ->> 'action' = 'ASSIGN' order by e.at`);
  return rows.map((row) => row.at);
}
