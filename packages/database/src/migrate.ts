import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as runMigrations } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { provideTenantRole, TenantRoleRefused } from "./tenant-role.ts";

const FOLDER = fileURLToPath(new URL("../../../drizzle", import.meta.url));
/** Any constant that nothing else in the database locks. */
const LOCK = 5_710_421_883;

/** The database was written by a newer Muster. Its message says what to do. */
export class NewerDatabaseError extends Error {
  override readonly name = "NewerDatabaseError";
}

/**
 * Brings the database to this code's schema. Any number of processes may call it at once: they take turns under an
 * advisory lock. Also provides the role of tenants, where that may be: who needs it asks (`assertTenantRole`). Throws `NewerDatabaseError` when the database has migrations that this code does not know.
 */
export async function migrate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: "muster migrate" });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    await refuseNewer(client);
    await runMigrations(drizzle({ client }), { migrationsFolder: FOLDER });
    await provideTenantRole(client).catch((error: unknown) => {
      if (!(error instanceof TenantRoleRefused)) throw error;
    });
  } finally {
    await client.end();
  }
}

async function refuseNewer(client: pg.Client): Promise<void> {
  const { rows: there } = await client.query<{ name: string | null }>(
    "select to_regclass('drizzle.__drizzle_migrations')::text as name",
  );
  if (!there[0]?.name) return;
  const journal = JSON.parse(await readFile(`${FOLDER}/meta/_journal.json`, "utf8")) as { entries: { when: number }[] };
  const newestKnown = Math.max(...journal.entries.map((entry) => entry.when));
  const { rows } = await client.query<{ newest: string | null }>(
    "select max(created_at)::text as newest from drizzle.__drizzle_migrations",
  );
  if (Number(rows[0]?.newest ?? 0) > newestKnown) {
    throw new NewerDatabaseError(
      "This data was written by a newer version of Muster. Update Muster (git pull), or choose another data folder with --data-dir.",
    );
  }
}
