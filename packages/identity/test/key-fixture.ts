import { type Database, openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { type Actor, type Caller, everywhere, within } from "@muster/domain/actor.ts";
import { type Permission, PERMISSIONS } from "@muster/domain/permissions.ts";
import { newId } from "@muster/operations/new-id.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { DEFAULT_SETTINGS } from "@muster/operations/settings.ts";
import { randomBytes } from "node:crypto";

export interface Tenant {
  readonly workspaceId: string;
  readonly projectId: string;
}

/** A database with two tenants, and callers of all kinds. */
export interface KeyFixture extends Tenant {
  readonly database: Database;
  readonly runtime: Runtime;
  readonly other: Tenant;
  /** May do everything, everywhere. */
  readonly admin: Caller;
  execute<Row>(text: string, ...values: readonly unknown[]): Promise<Row[]>;
  /** The events about a subject, the oldest first. */
  eventsOf(subjectId: string): Promise<KeyEvent[]>;
  newAgent(name: string): Promise<string>;
  close(): Promise<void>;
}

export interface KeyEvent {
  readonly type: string;
  readonly version: number;
  readonly workspaceId: string | null;
  readonly projectId: string | null;
  readonly actorName: string;
  readonly reason: string | null;
  readonly payload: Record<string, unknown>;
}

export async function createKeyFixture(): Promise<KeyFixture> {
  const place = await createTestDatabase();
  const database = openDatabase({ url: place.url });
  const settings = { ...DEFAULT_SETTINGS, encryptionKey: randomBytes(32) };
  const execute = <Row>(text: string, ...values: readonly unknown[]) => database.run(statement<Row>(text), values);
  const addTenant = async (): Promise<Tenant> => {
    const [workspaceId, projectId] = [newId(), newId()];
    await execute("insert into workspaces (id, slug, name) values ($1, $2, 'W')", workspaceId, `w${workspaceId}`);
    await execute(
      "insert into projects (id, workspace_id, slug, name) values ($1, $2, 'p', 'P')",
      projectId,
      workspaceId,
    );
    return { workspaceId, projectId };
  };
  const [tenant, other] = [await addTenant(), await addTenant()];
  const definitionId = newId();
  await execute(
    `insert into agent_definitions (id, slug, name, type, capabilities, config_schema, metadata) values ($1, 'd', 'D', 'process', '{}', '{}', '{}')`,
    definitionId,
  );
  await execute(
    `insert into agent_definition_versions (definition_id, version, type, capabilities, config_schema, metadata) values ($1, 1, 'process', '{}', '{}', '{}')`,
    definitionId,
  );
  return {
    ...tenant,
    other,
    database,
    runtime: { database, settings, committed: () => {} },
    admin: callerOf({ permissions: new Set(PERMISSIONS) }),
    execute,
    eventsOf: (subjectId) =>
      execute<KeyEvent>(
        `select type, subject_version as version, workspace_id as "workspaceId", project_id as "projectId", actor_name as "actorName", reason, payload
         from events where subject_id = $1 order by id`,
        subjectId,
      ),
    async newAgent(name) {
      const id = newId();
      await execute(
        `insert into agents (id, workspace_id, project_id, definition_id, definition_version, name, capabilities) values ($1, $2, $3, $4, 1, $5, '{}')`,
        id,
        tenant.workspaceId,
        tenant.projectId,
        definitionId,
        name,
      );
      return id;
    },
    async close() {
      await database.close();
      await place.drop();
    },
  };
}

/** Someone with these permissions: everywhere, unless they are granted in places. */
export function callerOf(actor: Partial<Actor> & Pick<Actor, "permissions">): Caller {
  const origin = { credentialId: null, address: "192.0.2.7" };
  return {
    actor: { kind: "USER", id: newId(), name: "somebody", reach: everywhere, ...actor },
    correlationId: "test",
    origin,
  };
}

/** Someone with these permissions in a workspace, or in one project of it. */
export function callerIn(workspaceId: string, projectId: string | null, permissions: readonly Permission[]): Caller {
  return callerOf({ permissions: new Set(permissions), reach: within(workspaceId, projectId) });
}
