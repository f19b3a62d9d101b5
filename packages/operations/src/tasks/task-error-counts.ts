import type { Caller } from "@muster/domain/actor.ts";
import { COUNT_CAP } from "@muster/domain/page.ts";
import { sql } from "drizzle-orm";
import { authorize } from "../authorize.ts";
import type { Runtime } from "../runtime.ts";
import { matching, parseTaskFilter, type TaskFilter } from "./task-filter.ts";
import { taskOrder } from "./task-order.ts";

/** So many kinds are told, those of the most tasks. */
const MOST_KINDS = 50;

/** What the last failed attempts of tasks failed of. */
export interface TaskErrorCounts {
  /** The kinds of errors, that of the most tasks first. */
  readonly kinds: readonly { readonly kind: string; readonly count: number }[];
  /** Whether there are more tasks than were counted: then these are the newest of each state. */
  readonly capped: boolean;
}

/** How many of each project's tasks that match the filter have failed of what. Looks at 10,000 of them. Throws `InvalidInput`. */
export async function countTaskErrors(
  runtime: Runtime,
  caller: Caller,
  projectIds: readonly string[],
  filter?: TaskFilter,
): Promise<ReadonlyMap<string, TaskErrorCounts>> {
  caller = authorize(caller, "task.read");
  const parsed = parseTaskFilter(filter);
  const where = matching(caller, parsed);
  // In an index's order, branch by branch, so that no more is read than is counted.
  const newest = { field: "CREATED_AT", direction: "DESC" } as const;
  const { branches = [] } = taskOrder(newest, { conditions: [sql`t.project_id = listed.id`], hasIndex: false }, parsed);
  const tasks = branches.map(
    (branch) => sql`(select t.error ->> 'kind' as kind from tasks t
      where ${sql.join([...where, "keys" in branch ? branch.where : branch], sql` and `)}
      order by t.created_at desc, t.id desc limit ${COUNT_CAP + 1})`,
  );
  const rows = await runtime.database.query<TaskErrorCounts & { projectId: string }>(sql`
    select listed.id as "projectId", told.* from unnest(${sql.param([...projectIds])}::uuid[]) listed(id) cross join lateral (
      with looked as (select kind from (${sql.join(tasks, sql` union all `)}) branch limit ${COUNT_CAP + 1}),
        counted as (select kind from looked limit ${COUNT_CAP}),
        grouped as (select kind, count(*)::int as count from counted where kind is not null group by kind order by 2 desc, 1 limit ${MOST_KINDS})
      select (select count(*) > ${COUNT_CAP} from looked) as capped,
        coalesce((select jsonb_agg(jsonb_build_object('kind', kind, 'count', count) order by count desc, kind) from grouped), '[]') as kinds) told`);
  const byProject = new Map(rows.map(({ projectId, kinds, capped }) => [projectId, { kinds, capped }]));
  return new Map(projectIds.map((projectId) => [projectId, byProject.get(projectId) ?? { kinds: [], capped: false }]));
}
