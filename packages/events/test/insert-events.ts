import type { Connection } from "@muster/database/database.ts";
import { sql } from "drizzle-orm";

/** Appends `count` events about new subjects in one transaction. */
export async function insertEvents(
  connection: Connection,
  projectId: string,
  count = 1,
  type = "subject.changed",
): Promise<void> {
  await connection.query(sql`
    insert into events (project_id, type, subject_id, subject_version, actor_kind, actor_name, payload)
    select ${projectId}::uuid, ${type}, gen_random_uuid(), 1, 'SYSTEM', 'test', '{}' from generate_series(1, ${count}::int)`);
}
