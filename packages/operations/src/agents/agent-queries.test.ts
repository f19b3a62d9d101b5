import { AGENT_STATES } from "@muster/domain/agent-lifecycle.ts";
import { Forbidden, InvalidInput } from "@muster/domain/errors.ts";
import { formatId } from "@muster/domain/ids.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { type Agent, isAvailable } from "./agent.ts";
import type { AgentFilterInput } from "./agent-filter.ts";
import type { CountedPage } from "../page-query.ts";
import { AGENT_ORDER_FIELDS, countAgentsByState, getAgents, getLastHeartbeats, listAgents } from "./agent-queries.ts";

let fixture: Fixture;
let foreignId: string;
let foreignProject: string;
beforeAll(async () => {
  fixture = await createFixture();
  // Every combination of state, room, pending action and channel.
  await fixture.database.query(sql`
    insert into agents (id, workspace_id, project_id, definition_id, definition_version, name, state, state_since, created_at, capabilities,
                        labels, max_concurrency, active_tasks, pending_action, missed_offers)
    select gen_random_uuid(), ${fixture.workspaceId}, ${fixture.projectId}, ${fixture.definitionId}, 1,
           'Agent_' || state || '%' || row_number() over (), state, timestamptz '2026-01-01' + random() * interval '1 day',
           timestamptz '2026-01-01' + (row_number() over () / 3) * interval '1 s',
           case when active = 0 then '{build,test}' else '{build}' end::text[],
           jsonb_build_object('tier', case when active = 0 then 'front' else 'back' end, 'zone', 'a'), 2, active, pending, missed
    from unnest(${sql.param([...AGENT_STATES])}::text[]) state, generate_series(0, 2) active, unnest('{STOP,NULL}'::text[]) pending, generate_series(2, 3) missed`);
  const elsewhere = await addProject(fixture.database);
  foreignProject = elsewhere.projectId;
  foreignId = (await addAgent(fixture, "Agent_foreign", "ONLINE", elsewhere)).id;
});
afterAll(() => fixture.close());

async function list(
  filter: AgentFilterInput = {},
  orderBy?: Parameters<typeof listAgents>[3]["orderBy"],
): Promise<Agent[]> {
  const all: Agent[] = [];
  let after: string | null = null;
  do {
    const page: CountedPage<Agent> = await only(
      listAgents(
        fixture.runtime,
        fixture.admin,
        { projectIds: [fixture.projectId] },
        { filter, orderBy: orderBy ?? null, page: { first: 50, after } },
      ),
    );
    all.push(...page.edges.map((edge) => edge.node));
    after = page.hasNextPage ? (page.edges.at(-1)?.cursor ?? null) : null;
  } while (after !== null);
  return all;
}

describe("listAgents", () => {
  it("pages through everything, once, in every order, and back again", async () => {
    for (const field of AGENT_ORDER_FIELDS) {
      const up = (await list({}, { field, direction: "ASC" })).map((agent) => agent.id);
      expect(new Set(up).size).toBe(132);
      const down = (await list({}, { field, direction: "DESC" })).map((agent) => agent.id);
      expect(down).toEqual(up.toReversed());
      const orderBy = { field, direction: "ASC" } as const;
      const scope = { projectIds: [fixture.projectId] };
      const read = (page: object) => only(listAgents(fixture.runtime, fixture.admin, scope, { orderBy, page }));
      const last = await read({ last: 60 });
      expect(last.edges.map((edge) => edge.node.id)).toEqual(up.slice(-60));
      const before = last.edges[0]?.cursor ?? "";
      const previous = await read({ last: 10, before });
      expect(previous.edges.map((edge) => edge.node.id)).toEqual(up.slice(-70, -60));
    }
  });

  it.each<[string, AgentFilterInput, (agent: Agent) => boolean]>([
    ["states", { states: ["ONLINE", "ERROR"] }, (agent) => ["ONLINE", "ERROR"].includes(agent.state)],
    ["no states", { states: [] }, () => false],
    ["all capabilities", { capabilities: ["test", "build"] }, (agent) => agent.activeTasks === 0],
    ["labels", { labels: { tier: "back", zone: "a" } }, (agent) => agent.activeTasks > 0],
    ["other labels", { labels: { tier: "none" } }, () => false],
    ["part of the name, in any case", { search: "agent_onl" }, (agent) => agent.state === "ONLINE"],
    ["what is no pattern", { search: "t_O" }, (agent) => agent.name.includes("t_O")],
    ["a percent sign", { search: "E%1" }, (agent) => agent.name.includes("E%1")],
    ["a backslash", { search: "\\" }, () => false],
    ["available ones", { available: true }, (agent) => isAvailable(agent, fixture.runtime.settings)],
    ["others", { available: false }, (agent) => !isAvailable(agent, fixture.runtime.settings)],
    [
      "several conditions",
      { states: ["BUSY"], available: true, capabilities: ["test"] },
      (agent) => agent.state === "BUSY" && agent.activeTasks === 0 && isAvailable(agent, fixture.runtime.settings),
    ],
  ])("filters by %s", async (_name, filter, expected) => {
    const all = await list();
    const found = await list(filter);
    expect(found.map((agent) => agent.id)).toEqual(all.filter(expected).map((agent) => agent.id));
    const counts = await only(countAgentsByState(fixture.runtime, fixture.admin, [fixture.projectId], filter));
    expect(counts.map((count) => count.state)).toEqual([...AGENT_STATES]);
    for (const { state, count } of counts) expect(count).toBe(found.filter((agent) => agent.state === state).length);
  });

  it("filters by id, definition, and an id in the search", async () => {
    const [one, two] = (await list()).map((agent) => agent.id);
    expect((await list({ ids: [one ?? "", two ?? "", foreignId] })).map((agent) => agent.id)).toEqual([one, two]);
    expect((await list({ search: formatId("agent", one ?? "") })).map((agent) => agent.id)).toEqual([one]);
    expect(await list({ search: formatId("agent", foreignId) })).toEqual([]);
    expect(await list({ definitionId: fixture.definitionId })).toHaveLength(132);
    expect(await list({ definitionId: fixture.projectId })).toEqual([]);
  });

  it("filters by a definition's slug: the workspace's own, else the shared one", async () => {
    const { runtime, admin, workspaceId, definitionId } = fixture;
    const reach = { workspaceId, projectId: null };
    const local = callerOf({ kind: "USER", name: "local", reach, permissions: new Set(PERMISSIONS) });
    const counted = async (definitionSlug: string, caller = admin) => {
      const counts = await only(countAgentsByState(runtime, caller, [fixture.projectId], { definitionSlug }));
      return counts.reduce((sum, { count }) => sum + count, 0);
    };
    const [{ slug } = { slug: "" }] = await fixture.database.query<{ slug: string }>(
      sql`select slug from agent_definitions where id = ${definitionId}`,
    );
    expect(await list({ definitionSlug: slug })).toHaveLength(132);
    expect(await counted(slug, local)).toBe(132);
    for (const none of ["", "nothing-like-it", "Test_1"]) expect(await list({ definitionSlug: none })).toEqual([]);
    await fixture.database.query(sql`
      insert into agent_definitions (id, workspace_id, slug, name, type, capabilities, config_schema, metadata)
      select gen_random_uuid(), ${workspaceId}, slug, name, type, capabilities, config_schema, metadata
      from agent_definitions where id = ${definitionId}`);
    expect(await counted(slug)).toBe(0);
    expect(
      await only(
        listAgents(runtime, admin, { projectIds: [foreignProject] }, { filter: { definitionSlug: slug }, page: {} }),
      ),
    ).toMatchObject({
      edges: [{ node: { id: foreignId } }],
    });
    await fixture.database.query(
      sql`delete from agent_definitions where workspace_id = ${workspaceId} and slug = ${slug}`,
    );
  });

  it("calls available what is at work, has room, drains towards nothing and hears its offers", async () => {
    const available = await list({ available: true });
    expect(available).toHaveLength(3 * 2);
    for (const agent of available) {
      expect(["ONLINE", "IDLE", "BUSY"]).toContain(agent.state);
      expect(agent).toMatchObject({ pendingAction: null, missedOffers: 2 });
      expect(agent.activeTasks).toBeLessThan(2);
    }
  });

  it("of a definition shows what the caller may see", async () => {
    const of = (caller = fixture.admin) =>
      only(listAgents(fixture.runtime, caller, { definitionIds: [fixture.definitionId] }, { page: { first: 200 } }));
    expect((await of()).edges).toHaveLength(133);
    const reach = { workspaceId: fixture.workspaceId, projectId: null };
    const local = callerOf({ kind: "USER", name: "local", reach, permissions: new Set(PERMISSIONS) });
    expect((await of(local)).edges).toHaveLength(132);
    const foreign = await only(listAgents(fixture.runtime, local, { projectIds: [foreignProject] }, { page: {} }));
    expect(foreign.edges).toEqual([]);
    expect(await only(countAgentsByState(fixture.runtime, local, [foreignProject]))).not.toContainEqual({
      state: "ONLINE",
      count: 1,
    });
    expect(await getAgents(fixture.runtime, local, [foreignId])).toEqual([]);
  });

  it("refuses bad filters and callers", async () => {
    for (const filter of [
      { states: ["AWAY"] },
      { labels: [] },
      { search: "\0" },
      { ids: ["x"] },
      { definitionSlug: "\0" },
    ]) {
      await expect(list(filter as never)).rejects.toThrow(InvalidInput);
    }
    const nobody = callerOf({ kind: "USER", name: "nobody", permissions: new Set() });
    const project = { projectIds: [fixture.projectId] };
    await expect(listAgents(fixture.runtime, nobody, project, { page: {} })).rejects.toThrow(Forbidden);
    await expect(countAgentsByState(fixture.runtime, nobody, [fixture.projectId])).rejects.toThrow(Forbidden);
    await expect(getAgents(fixture.runtime, nobody, [foreignId])).rejects.toThrow(Forbidden);
    await expect(getLastHeartbeats(fixture.runtime, nobody, [foreignId])).rejects.toThrow(Forbidden);
  });
});
