import { randomBytes } from "node:crypto";
import { type Database, openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { type Caller, type Grant, unitedGrants, within } from "@muster/domain/actor.ts";
import { formatContextVersionId, formatEventId, formatId, type IdKind } from "@muster/domain/ids.ts";
import { AGENT_PERMISSIONS, PERMISSIONS } from "@muster/domain/permissions.ts";
import { type Role, ROLE_PERMISSIONS } from "@muster/domain/roles.ts";
import { type Feed, openFeed } from "@muster/events/feed.ts";
import { registerDefinition } from "@muster/operations/definitions/register-definition.ts";
import { Assignments } from "@muster/operations/inbox/assignments.ts";
import { newId } from "@muster/operations/new-id.ts";
import { createProject } from "@muster/operations/projects/create-project.ts";
import { createWorkspace } from "@muster/operations/projects/create-workspace.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { createSavedView } from "@muster/operations/saved-views/create-saved-view.ts";
import { DEFAULT_SETTINGS } from "@muster/operations/settings.ts";
import { TaskWatch } from "@muster/operations/tasks/task-watch.ts";
import { Cohorts } from "../src/live/cohorts.ts";
import { type RequestContext, runtimesOf } from "../src/request-context.ts";
import { callerOf, deliverAll, fillProject } from "./busy-fleet.ts";

/** What ids stand for: kinds of rows, what is asked for by a name, and what has an id of its own kind. */
export type IdOf = IdKind | "contextVersion" | "event" | "projectPath" | "workspaceSlug" | "definitionSlug";

/** A project full of everything, as a client names it. */
export interface Place {
  readonly workspaceId: string;
  readonly projectId: string;
  readonly agentId: string;
  readonly ids: ReadonlyMap<IdOf, string>;
}

export interface Tenants {
  readonly url: string;
  readonly database: Database;
  readonly runtime: Runtime;
  /** Two projects of one workspace. */
  readonly here: Place;
  readonly beside: Place;
  /** Of another workspace. */
  readonly there: Place;
  contextOf(caller: Caller): RequestContext;
  close(): Promise<void>;
}

/** Two workspaces in which all has the same names, but for their slugs. Statements alone keep them apart, unless `rowSecurity` does too. */
export async function createTenants({ rowSecurity = false } = {}): Promise<Tenants> {
  const { url, drop } = await createTestDatabase();
  const database = openDatabase({ url, tenants: rowSecurity ? { url } : null });
  const onError = () => {};
  const feed = await openFeed({ url, onError });
  const settings = { ...DEFAULT_SETTINGS, encryptionKey: randomBytes(32) };
  const runtime: Runtime = { database, settings, committed: () => {} };
  const admin = callerOf({ kind: "API_KEY", id: null, name: "admin", permissions: new Set(PERMISSIONS) });
  const [here, beside] = await addTenant(runtime, admin, "here", ["one", "two"]);
  const [there] = await addTenant(runtime, admin, "there", ["one"]);
  if (!here || !beside || !there) throw new Error("There are three projects.");
  await deliverAll(runtime);
  const places = await Promise.all([here, beside, there].map((place) => withIds(database, place)));
  const [first, second, third] = places as [Place, Place, Place];
  const services = servicesOn(runtime, feed, onError);
  return {
    url,
    database,
    runtime,
    here: first,
    beside: second,
    there: third,
    contextOf: (caller) => ({
      ...services,
      ...runtimesOf(runtime, caller),
      caller,
      cursor: feed.tail.cursor,
      lastEventId: null,
    }),
    async close() {
      await Promise.all([services.assignments.close(), services.taskWatch.close()]);
      await feed.close();
      await database.close();
      await drop();
    },
  };
}

function servicesOn(runtime: Runtime, feed: Feed, onError: () => void) {
  const assignments = new Assignments(runtime, onError);
  return { runtime, feed, cohorts: new Cohorts(feed), assignments, taskWatch: new TaskWatch(runtime, onError) };
}

type Bare = Omit<Place, "ids"> & { readonly path: string; readonly slug: string };

async function addTenant(runtime: Runtime, admin: Caller, slug: string, names: readonly string[]): Promise<Bare[]> {
  const workspace = await createWorkspace(runtime, admin, { slug, name: "Tenant" });
  const places: Bare[] = [];
  for (const [number, name] of names.entries()) {
    const definition = { slug: `worker-${number}`, name: "Worker", type: "worker", capabilities: ["work"] };
    await registerDefinition(runtime, admin, { ...definition, workspaceId: workspace.id });
    const project = await createProject(runtime, admin, { workspaceId: workspace.id, slug: name, name: "Project" });
    const agentId = await fillProject(runtime, admin, project.id, number);
    await createSavedView(runtime, admin, { projectId: project.id, screen: "FLEET", name: "mine", query: "" });
    await addPeople(runtime.database, workspace.id, project.id);
    places.push({ workspaceId: workspace.id, projectId: project.id, agentId, path: project.path, slug });
  }
  // Only there: one that the other tenant has too would be found by its name.
  const special = { slug: `only-${slug}`, name: "Special", type: "worker", capabilities: [] };
  await registerDefinition(runtime, admin, { ...special, workspaceId: workspace.id });
  return places;
}

/** A person with a role in the project, who is signed in, and a program with a key. */
async function addPeople(database: Database, workspaceId: string, projectId: string): Promise<void> {
  const [user, membership, session, key] = [newId(), newId(), newId(), newId()];
  const rows: [string, unknown[]][] = [
    ["insert into users (id, name, email) values ($1::uuid, 'Person', $1::text)", [user]],
    [
      "insert into memberships (id, user_id, workspace_id, project_id, role) values ($1, $2, $3, $4, 'VIEWER')",
      [membership, user, workspaceId, projectId],
    ],
    [
      "insert into sessions (hash, id, user_id, expires_at) values ($1::text, $1::uuid, $2, now() + interval '1 day')",
      [session, user],
    ],
    [
      `insert into api_keys (id, kind, name, hash, workspace_id, project_id, role)
       values ($1::uuid, 'program', 'key', $1::text, $2, $3, 'VIEWER')`,
      [key, workspaceId, projectId],
    ],
  ];
  for (const [text, values] of rows) await database.run(statement(text), values);
}

/** For each kind an id of the project: of a task that runs, of a context's first version, and so on. */
async function withIds(database: Database, { path, slug, ...place }: Bare): Promise<Place> {
  const { projectId, workspaceId, agentId } = place;
  const one = async (text: string, value: string): Promise<string> => {
    const [row] = await database.run(statement<{ id: string }>(`${text} limit 1`), [value]);
    if (!row) throw new Error(`${path} has no such row: ${text}`);
    return row.id;
  };
  const inProject = (table: string, more = "true") =>
    one(`select id from ${table} where project_id = $1 and ${more} order by id`, projectId);
  const context = await inProject("contexts", "agent_id is not null and forked_from_id is null");
  const person = await one("select user_id as id from memberships where project_id = $1", projectId);
  const found: Readonly<Partial<Record<IdKind, string>>> = {
    agent: agentId,
    task: await inProject("tasks", "state = 'RUNNING'"),
    context,
    definition: await one("select definition_id as id from agents where id = $1", agentId),
    project: projectId,
    workspace: workspaceId,
    apiKey: await inProject("api_keys", "kind = 'program'"),
    workflow: await inProject("workflows"),
    schedule: await inProject("schedules"),
    queue: await inProject("queues"),
    rateLimit: await inProject("rate_limits"),
    bulkJob: await inProject("bulk_jobs"),
    savedView: await inProject("saved_views"),
    webhook: await inProject("webhooks"),
    webhookDelivery: await one(
      "select d.id from webhook_deliveries d join webhooks w on w.id = d.webhook_id where w.project_id = $1",
      projectId,
    ),
    user: person,
    membership: await inProject("memberships"),
    session: await one("select id from sessions where user_id = $1", person),
  };
  const ids = new Map<IdOf, string>(
    Object.entries(found).map(([kind, uuid]) => [kind as IdKind, formatId(kind as IdKind, uuid)]),
  );
  ids.set("contextVersion", formatContextVersionId(context, 1));
  ids.set("event", formatEventId(await inProject("events", "type = 'agent.transitioned'")));
  ids.set("projectPath", path);
  ids.set("workspaceSlug", slug);
  ids.set("definitionSlug", `only-${slug}`);
  return { ...place, ids };
}

export function personWith(...grants: readonly Grant[]): Caller {
  const actor = { kind: "USER", id: newId(), name: "person", ...unitedGrants(grants) } as const;
  return { actor, correlationId: "test", origin: null };
}

export function grantOf(
  role: Role,
  { workspaceId }: Place,
  projectId: string | null,
  projectIds: readonly string[] = [],
): Grant {
  const permissions = new Set(ROLE_PERMISSIONS[role]);
  return projectId === null
    ? { workspaceId, projectId, permissions, projectIds }
    : { workspaceId, projectId, permissions };
}

/** May do everything, everywhere. */
export function installationAdmin(): Caller {
  return personWith({ workspaceId: null, projectId: null, permissions: new Set(PERMISSIONS) });
}

export function agentOf({ workspaceId, projectId, agentId }: Place): Caller {
  const permissions = new Set(AGENT_PERMISSIONS);
  const actor = {
    kind: "AGENT",
    id: agentId,
    name: "agent",
    permissions,
    reach: within(workspaceId, projectId),
  } as const;
  return { actor, correlationId: "test", origin: null };
}

export function programOf(role: Role, workspaceId: string, projectId: string | null): Caller {
  const permissions = new Set(ROLE_PERMISSIONS[role]);
  const actor = {
    kind: "API_KEY",
    id: newId(),
    name: "key",
    permissions,
    reach: within(workspaceId, projectId),
  } as const;
  return { actor, correlationId: "test", origin: null };
}
