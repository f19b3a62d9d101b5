import { type Database, openDatabase } from "@muster/database/database.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { type Actor, type Caller, everywhere, within } from "@muster/domain/actor.ts";
import type { AgentState } from "@muster/domain/agent-lifecycle.ts";
import { AGENT_PERMISSIONS, PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { newId } from "../src/new-id.ts";
import type { Runtime } from "../src/runtime.ts";
import { DEFAULT_SETTINGS, type OperationSettings } from "../src/settings.ts";

/** A database of its own with one workspace, project and definition. */
export interface Fixture {
  readonly url: string;
  readonly database: Database;
  readonly runtime: Runtime;
  /** May do everything, everywhere. */
  readonly admin: Caller;
  readonly workspaceId: string;
  readonly projectId: string;
  readonly definitionId: string;
  close(): Promise<void>;
}

export async function createFixture(settings: Partial<OperationSettings> = {}, connections = 20): Promise<Fixture> {
  const { url, drop } = await createTestDatabase();
  const database = openDatabase({ url, connections });
  const runtime: Runtime = { database, settings: { ...DEFAULT_SETTINGS, ...settings }, committed: () => {} };
  const { workspaceId, projectId } = await addProject(database);
  const definitionId = newId();
  await database.query(sql`
    insert into agent_definitions (id, slug, name, type, capabilities, config_schema, metadata)
    values (${definitionId}, 'builder', 'Builder', 'process', '{build}', '{}', '{}')`);
  await database.query(sql`
    insert into agent_definition_versions (definition_id, version, type, capabilities, config_schema, metadata)
    values (${definitionId}, 1, 'process', '{build}', '{}', '{}')`);
  return {
    url,
    database,
    runtime,
    admin: callerOf({ kind: "API_KEY", name: "admin", permissions: new Set(PERMISSIONS) }),
    workspaceId,
    projectId,
    definitionId,
    async close() {
      await database.close();
      await drop();
    },
  };
}

/** Another project, in a workspace of its own. */
export async function addProject(database: Database): Promise<{ workspaceId: string; projectId: string }> {
  const [workspaceId, projectId] = [newId(), newId()];
  await database.query(
    sql`insert into workspaces (id, slug, name) values (${workspaceId}, ${`w${workspaceId}`}, 'Workspace')`,
  );
  await database.query(
    sql`insert into projects (id, workspace_id, slug, name) values (${projectId}, ${workspaceId}, ${`p${projectId}`}, 'Project')`,
  );
  return { workspaceId, projectId };
}

/** An agent in this state, and the caller that its own key makes. */
export async function addAgent(
  fixture: Fixture,
  name: string,
  state: AgentState = "ONLINE",
  place: { workspaceId: string; projectId: string } = fixture,
): Promise<{ id: string; caller: Caller }> {
  const id = newId();
  await fixture.database.query(sql`
    insert into agents (id, workspace_id, project_id, definition_id, definition_version, name, state, capabilities)
    values (${id}, ${place.workspaceId}, ${place.projectId}, ${fixture.definitionId}, 1, ${name}, ${state}, '{build}')`);
  await addFirstBundle(fixture.database, id);
  const reach = within(place.workspaceId, place.projectId);
  return { id, caller: callerOf({ kind: "AGENT", id, name, reach, permissions: new Set(AGENT_PERMISSIONS) }) };
}

/** What `registerAgent` does besides making the agent's row: without it, an agent has no bundles, also later. */
export async function addFirstBundle(database: Database, agentId: string): Promise<void> {
  await database.query(sql`
    with head as (insert into agent_bundle_heads (agent_id, number) values (${agentId}, 1))
    insert into agent_bundles (agent_id, number, definition_version, config, max_concurrency, author)
    select id, 1, definition_version, config, max_concurrency, '{"kind": "SYSTEM", "id": null, "name": "test"}' from agents where id = ${agentId}`);
}

/** Removes an agent that nothing else names any more. Muster itself never does. */
export async function removeAgent(database: Database, agentId: string): Promise<void> {
  await database.query(sql`delete from agent_bundle_heads where agent_id = ${agentId}`);
  await database.query(sql`delete from agent_bundles where agent_id = ${agentId}`);
  await database.query(sql`delete from agents where id = ${agentId}`);
}

/** Lets an agent hold so many tasks at once, as if it had been registered so. */
export async function letHold(database: Database, agentId: string, maxConcurrency: number): Promise<void> {
  await database.query(sql`
    with itself as (update agents set max_concurrency = ${maxConcurrency} where id = ${agentId})
    update agent_bundles set max_concurrency = ${maxConcurrency} where agent_id = ${agentId} and context_id is null`);
}

/** What was read of the one parent that was asked for; throws the error in its place. */
export async function only<Value>(reading: Promise<ReadonlyMap<string, Value>>): Promise<Exclude<Value, Error>> {
  const [value, ...others] = (await reading).values();
  if (value instanceof Error) throw value;
  if (value === undefined || others.length > 0) throw new Error("Expected one parent.");
  return value as Exclude<Value, Error>;
}

/** A place to be limited to: all of the installation, of a workspace, or one project. */
export interface Place {
  readonly workspaceId: string | null;
  readonly projectId: string | null;
}

type Described = Partial<Omit<Actor, "reach">> &
  Pick<Actor, "kind" | "name" | "permissions"> & { readonly reach?: Actor["reach"] | Place };

/** A caller that reaches everything, or what is said. */
export function callerOf({ reach = everywhere, ...actor }: Described): Caller {
  return {
    actor: {
      id: newId(),
      ...actor,
      reach: "workspaceId" in reach ? within(reach.workspaceId, reach.projectId) : reach,
    },
    correlationId: "test",
    origin: null,
  };
}
