import { statement } from "@muster/database/statement.ts";
import pg from "pg";
import { appendEvents } from "../append.ts";

/** The event of a changed subject, a kind of subject that only histories have. Its API name is a project's. */
export const SUBJECT_CHANGED = "project.subject_changed";

/**
 * Raises the version of subject $1 and appends its event in project $2, for reason $3, with payload $4: as operations do, in one
 * statement. Run it on its own, or several times in one transaction.
 */
export const changeSubject = statement<{ id: string; version: number }>(`
  with moved as (update subjects set version = version + 1 where id = $1 returning id, version),
  happened as (
    select null::uuid as workspace_id, $2::uuid as project_id, '${SUBJECT_CHANGED}' as type, id as subject_id, version as subject_version,
      null::uuid as agent_id, null::uuid as task_id, null::uuid as context_id, 'SYSTEM' as actor_kind, null::uuid as actor_id,
      'writer' as actor_name, $3::text as reason, null::text as correlation_id, null::uuid as credential_id, null::inet as address, $4::jsonb as payload, null::jsonb as labels, clock_timestamp() as at
    from moved
  ), appended as (${appendEvents("happened")})
  select id, version from moved`);

/** Makes subjects that events can be about. */
export async function createSubjects(url: string, count: number): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("create table if not exists subjects (id uuid primary key, version int not null default 0)");
  const { rows } = await client.query<{ id: string }>(
    "insert into subjects select gen_random_uuid() from generate_series(1, $1::int) returning id",
    [count],
  );
  await client.end();
  return rows.map((row) => row.id);
}
