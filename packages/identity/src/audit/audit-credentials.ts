import { statement } from "@muster/database/statement.ts";
import type { Connection } from "@muster/database/database.ts";

/** With what something was done. */
export interface AuditCredential {
  readonly id: string;
  readonly kind: "API_KEY" | "SESSION";
  /** The key's name, or the browser as it calls itself; null when it does not say, or the session is long gone. */
  readonly name: string | null;
}

const byId = statement<AuditCredential>(`
  select id, 'API_KEY' as kind, name from api_keys where id = any($1::uuid[])
  union all select id, 'SESSION', user_agent from sessions where id = any($1::uuid[])`);

/** The credentials with these ids. Keys are never removed; what is not found is a session that was. */
export async function readCredentials(
  connection: Connection,
  ids: readonly string[],
): Promise<ReadonlyMap<string, AuditCredential>> {
  const found = new Map((await connection.run(byId, [ids])).map((row) => [row.id, row]));
  return new Map(ids.map((id) => [id, found.get(id) ?? { id, kind: "SESSION", name: null }]));
}
