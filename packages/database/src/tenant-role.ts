import { MusterError } from "@muster/domain/errors.ts";
import pg from "pg";
import { TENANT_ROLE } from "./tenancy.ts";

/** The database does not let its owner have the role of tenants. The message says what to do. */
export class TenantRoleRefused extends MusterError {
  readonly code = "TENANT_ROLE_REFUSED";
}

/** SQLSTATE insufficient_privilege. */
const REFUSED = "42501";
/** Someone else has made it at the same time: duplicate_object, unique_violation. */
const THERE = new Set(["42710", "23505"]);

/**
 * Makes the role that statements of callers with a limited reach run as, lets the database's owner become it, and gives it what
 * the policies are for. Nothing happens when all is there. Throws `TenantRoleRefused` where the owner may not do that.
 */
export async function provideTenantRole(client: pg.ClientBase): Promise<void> {
  try {
    const { rows: roles } = await client.query("select from pg_roles where rolname = $1", [TENANT_ROLE]);
    if (roles.length === 0) await client.query(`create role ${TENANT_ROLE} nologin`).catch(unlessThere);
    if (!(await canBecome(client))) await client.query(`grant ${TENANT_ROLE} to current_user`);
    if (await lacksRights(client)) await client.query("select muster_grant_tenant()");
  } catch (error) {
    if ((error as { code?: string }).code !== REFUSED) throw error;
    throw new TenantRoleRefused(
      `The owner of the database may not make the role ${TENANT_ROLE}, as which Muster keeps tenants apart. Let an administrator of ` +
        `the database run: create role ${TENANT_ROLE} nologin; grant ${TENANT_ROLE} to <the user of DATABASE_URL>; or do without ` +
        "this second line of defence: MUSTER_ROW_SECURITY=off.",
    );
  }
}

function unlessThere(error: unknown): void {
  if (!THERE.has(String((error as { code?: string }).code))) throw error;
}

async function canBecome(client: pg.ClientBase): Promise<boolean> {
  try {
    await client.query(`set role ${TENANT_ROLE}`);
    await client.query("reset role");
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === REFUSED) return false;
    throw error;
  }
}

/** Whether a table has a policy for tenants, and they have no right to it yet. */
async function lacksRights(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ lacking: boolean }>(
    `select exists (
       select from pg_policy p
       where p.polname = 'tenant' and not has_table_privilege($1, p.polrelid, 'delete')
     ) as lacking`,
    [TENANT_ROLE],
  );
  return rows[0]?.lacking ?? false;
}

/** Throws `TenantRoleRefused` when statements cannot run as tenants. */
export async function assertTenantRole(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: "muster tenants" });
  client.on("error", () => {});
  await client.connect();
  try {
    await provideTenantRole(client);
  } finally {
    await client.end();
  }
}
