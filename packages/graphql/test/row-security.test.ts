import { openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { type Reach, within } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { actingFor } from "@muster/operations/runtime.ts";
import { createTask } from "@muster/operations/tasks/create-task.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { counting } from "./counting-database.ts";
import { createTenants, type Place, programOf, type Tenants } from "./tenants.ts";

/** What belongs to the installation: tenants have no right to it at all. */
const OF_THE_INSTALLATION = [
  "audit_blocks",
  "audit_checkpoints",
  "audit_sealer",
  "memberships",
  "persisted_operations",
  "recovery_codes",
  "sessions",
  "sign_in_links",
  "signing_keys",
  "user_identities",
  "users",
];
/** Of the installation too, and to be read: which log it is, and how far it goes back. */
const TO_BE_READ = ["event_watermarks", "installation"];
const REFUSED = "42501";

let tenants: Tenants;
let names: readonly string[];
beforeAll(async () => {
  tenants = await createTenants({ rowSecurity: true });
  names = (
    await owner(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1",
    )
  ).map(({ name }) => String(name));
});
afterAll(() => tenants.close());

type Row = Record<string, unknown>;
const owner = (text: string, values: unknown[] = []) => tenants.database.run(statement<Row>(text), values);
const tenant = (reach: Reach, text: string, values: unknown[] = []) =>
  tenants.database.within(reach).run(statement<Row>(text), values);
const reachOf = ({ workspaceId, projectId }: Place) => within(workspaceId, projectId);
/** Rows as texts: what two tenants see of a table without a word about whose it is. */
const all = async (reach: Reach, table: string) =>
  (await tenant(reach, `select t::text as text from ${table} t`)).map(({ text }) => String(text));
const codeOf = (error: unknown) => (error as { code?: string }).code;

it("is on for every table that there is", async () => {
  const off = await owner(
    "select relname from pg_class where relname = any($1) and not relrowsecurity and not relispartition",
    [names],
  );
  expect(off).toEqual([]);
});

it("says of every table whether tenants may have to do with it", async () => {
  const held = await owner("select distinct tablename as name from pg_policies where policyname = 'tenant'");
  const partitions = await owner("select relname as name from pg_class where relispartition and relname = any($1)", [
    names,
  ]);
  const said = [...held, ...partitions].map(({ name }) => String(name));
  // A new table: give it a policy in a migration and call muster_grant_tenant(), or name it above.
  expect([...said, ...OF_THE_INSTALLATION, ...TO_BE_READ].toSorted()).toEqual([...names].toSorted());
});

describe("a statement that asks for everything", () => {
  it("is shown nothing of another workspace, nor of another project, in any table", async () => {
    const { here, beside, there } = tenants;
    for (const table of names) {
      if (TO_BE_READ.includes(table)) continue;
      const isClosed = OF_THE_INSTALLATION.includes(table) || /_\d+$/.test(table);
      if (isClosed) {
        await expect(all(reachOf(here), table), table).rejects.toMatchObject({ code: REFUSED });
        continue;
      }
      const mine = await all(reachOf(here), table);
      for (const other of [beside, there]) {
        const shared = mine.filter((row) => row.includes(other.projectId) || row.includes(other.agentId));
        expect(shared, table).toEqual([]);
        const theirs = new Set(await all(reachOf(other), table));
        const both = mine.filter((row) => theirs.has(row));
        // Their workspace, and its definitions, are of both projects.
        const common = /^(workspaces|workspace_storage|attempt_limits|agent_definitions|agent_definition_versions)$/;
        if (other === there || !common.test(table)) expect(both, table).toEqual([]);
      }
    }
  });

  it("is shown what is its own", async () => {
    for (const table of [
      "agents",
      "tasks",
      "contexts",
      "context_versions",
      "task_chunks",
      "events",
      "webhook_deliveries",
      "bulk_job_targets",
    ]) {
      expect((await all(reachOf(tenants.here), table)).length, table).toBeGreaterThan(0);
    }
  });

  it("is shown nothing on a connection that was not told how far it reaches", async () => {
    const url = `${tenants.url}?options=${encodeURIComponent("-c role=muster_tenant")}`;
    const untold = openDatabase({ url, connections: 1 });
    const seen = () => untold.run(statement("select id from tasks"), []);
    const tell = (reach: string) =>
      untold.run(
        statement("select set_config('muster.workspaces', $1, false), set_config('muster.reach', $1, false)"),
        [reach],
      );
    try {
      expect(await seen()).toEqual([]);
      for (const nothing of ["", "all", "nonsense", "{}"]) {
        await tell(nothing);
        expect(await seen()).toEqual([]);
      }
      await tell(`{${tenants.here.workspaceId}}`);
      expect((await seen()).length).toBeGreaterThan(0);
    } finally {
      await untold.close();
    }
  });
});

describe("a statement that writes for others", () => {
  it("changes and removes none of their rows", async () => {
    const { here, there } = tenants;
    const before = await owner("select count(*) from tasks where project_id = $1", [there.projectId]);
    expect(
      await tenant(reachOf(here), "update tasks set priority = 9 where project_id = $1 returning id", [
        there.projectId,
      ]),
    ).toEqual([]);
    expect(
      await tenant(reachOf(here), "update context_versions v set message = 'x' returning v.context_id", []),
    ).not.toEqual([]);
    expect(
      await owner(
        "select from context_versions v join contexts c on c.id = v.context_id where v.message = 'x' and c.project_id <> $1",
        [here.projectId],
      ),
    ).toEqual([]);
    expect(
      await tenant(reachOf(here), "delete from saved_views where project_id = $1 returning id", [there.projectId]),
    ).toEqual([]);
    expect(await owner("select count(*) from tasks where project_id = $1", [there.projectId])).toEqual(before);
  });

  it("is refused when it makes a row of theirs, or makes one theirs", async () => {
    const { here, beside, there } = tenants;
    for (const other of [beside, there]) {
      const { workspaceId, projectId, agentId } = other;
      const [version] = await owner(
        "select context_id as id from context_versions v join contexts c on c.id = v.context_id where c.project_id = $1 limit 1",
        [projectId],
      );
      const refused: readonly [string, readonly unknown[]][] = [
        [
          "insert into saved_views (id, workspace_id, project_id, screen, name, query, creator_kind, creator_name) values (gen_random_uuid(), $1, $2, 'FLEET', 'x', '', 'USER', 'x')",
          [workspaceId, projectId],
        ],
        [
          "insert into events (workspace_id, project_id, type, subject_id, subject_version, actor_kind, actor_name, payload) values ($1, $2, 'agent.transitioned', $3, 99, 'USER', 'x', '{}')",
          [workspaceId, projectId, agentId],
        ],
        ["insert into context_readers (context_id, agent_id, version) values ($1, $2, 1)", [version?.id, agentId]],
        ["insert into agent_heartbeats (agent_id) values ($1)", [agentId]],
        ["insert into task_follow_ups (task_id) select $1::uuid", [other.ids.get("task") && (await taskOf(other))]],
        ["update saved_views set workspace_id = $1, project_id = $2", [workspaceId, projectId]],
      ];
      for (const [text, values] of refused) {
        const error: unknown = await tenant(reachOf(here), text, [...values]).catch((each: unknown) => each);
        expect([text, codeOf(error)]).toEqual([text, REFUSED]);
      }
    }
  });
});

async function taskOf({ projectId }: Place): Promise<unknown> {
  const [task] = await owner("select id from tasks where project_id = $1 limit 1", [projectId]);
  return task?.id;
}

it("follows a connection from one caller to the next, also when one fails", async () => {
  const { here, there } = tenants;
  const database = openDatabase({ url: tenants.url, connections: 1, tenants: { url: tenants.url } });
  const projects = statement<{ id: string }>("select id from projects order by id");
  const idsOf = (place: Place) => database.within(reachOf(place)).run(projects, []);
  try {
    for (const place of [here, there, here]) expect(await idsOf(place)).toEqual([{ id: place.projectId }]);
    const failing = database.within(reachOf(there)).transaction(async (transaction) => {
      expect(await transaction.run(projects, [])).toEqual([{ id: there.projectId }]);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    await expect(database.within(reachOf(there)).run(statement("select 1 / 0"), [])).rejects.toThrow(
      "division by zero",
    );
    expect(await idsOf(here)).toEqual([{ id: here.projectId }]);
    const mixed = Array.from({ length: 40 }, (_, number) => (number % 3 === 0 ? there : here));
    const seen = await Promise.all(mixed.map(idsOf));
    expect(seen).toEqual(mixed.map(({ projectId }) => [{ id: projectId }]));
    // The whole installation is held by none of it.
    expect((await database.run(projects, [])).length).toBe(3);
  } finally {
    await database.close();
  }
});

it("does not hold what several tenants are written by together, which carries each one's reach itself", async () => {
  const { here, there, runtime } = tenants;
  const { database, statements } = counting(runtime.database);
  const counted = { ...runtime, database };
  const created = await Promise.all(
    [here, there].map((place) => {
      const caller = programOf("ADMIN", place.workspaceId, place.projectId);
      const acting = actingFor(counted, caller);
      expect(acting.database).not.toBe(database);
      return createTask(acting, caller, { projectId: place.projectId, kind: "together", input: {} });
    }),
  );
  expect(created.map(({ task }) => task.projectId)).toEqual([here.projectId, there.projectId]);
  expect(statements()).toBe(1);
  const stranger = programOf("ADMIN", here.workspaceId, here.projectId);
  const asked = { projectId: there.projectId, kind: "together", input: {} };
  await expect(createTask(actingFor(counted, stranger), stranger, asked)).rejects.toThrow(NotFound);
});
