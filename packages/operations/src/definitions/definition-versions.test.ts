import { Forbidden } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { registerAgent } from "../agents/register-agent.ts";
import { listAgents } from "../agents/agent-queries.ts";
import { updateAgent } from "../agents/update-agent.ts";
import { countAgentsByVersion } from "./count-agents-by-version.ts";
import { findDefinitions } from "./definition-queries.ts";
import { findDefinitionVersions, listDefinitionVersions, readVersionAuthors } from "./definition-versions.ts";
import { registerDefinition } from "./register-definition.ts";

let fixture: Fixture;
let definitionId: string;
const nobody = callerOf({ kind: "API_KEY", name: "nobody", permissions: new Set() });
beforeAll(async () => {
  fixture = await createFixture();
  for (const capability of ["test", "lint", "format"]) {
    const { runtime, admin, workspaceId } = fixture;
    const given = { workspaceId, slug: "checker", name: "Checker", type: "process", capabilities: [capability] };
    definitionId = (await registerDefinition(runtime, admin, given)).id;
  }
});
afterAll(() => fixture.close());

const elsewhere = async () => {
  const { workspaceId } = await addProject(fixture.database);
  const reach = { workspaceId, projectId: null };
  return callerOf({ kind: "API_KEY", name: "e", permissions: fixture.admin.actor.permissions, reach });
};

it("lists versions newest first, in pages, finds one by its number, and knows who added it", async () => {
  const { runtime, admin } = fixture;
  const list = (page: object, caller = admin) => only(listDefinitionVersions(runtime, caller, [definitionId], page));
  const first = await list({ first: 2 });
  expect(first.edges.map(({ node }) => [node.version, node.capabilities])).toEqual([
    [3, ["format"]],
    [2, ["lint"]],
  ]);
  expect(await first.count()).toEqual({ count: 3, capped: false });
  const rest = await list({ first: 2, after: first.edges[1]?.cursor });
  expect(rest.edges.map(({ node }) => node.version)).toEqual([1]);
  const find = (number: number) => findDefinitionVersions(runtime, admin, [definitionId], number);
  expect((await find(2)).get(definitionId)).toMatchObject({ version: 2, capabilities: ["lint"] });
  expect((await find(4)).size).toBe(0);
  const authors = await readVersionAuthors(runtime, admin, [definitionId]);
  expect([...authors.values()].map(({ name }) => name)).toEqual(["admin", "admin", "admin"]);
  await fixture.database.query(sql`delete from events where subject_id = ${definitionId} and subject_version = 1`);
  expect((await readVersionAuthors(runtime, admin, [definitionId])).size).toBe(2);
  const foreigner = await elsewhere();
  expect((await list({}, foreigner)).edges).toEqual([]);
  expect((await findDefinitionVersions(runtime, foreigner, [definitionId], 2)).size).toBe(0);
  expect((await readVersionAuthors(runtime, foreigner, [definitionId])).size).toBe(0);
  await expect(list({}, nobody)).rejects.toThrow(Forbidden);
  await expect(readVersionAuthors(runtime, nobody, [definitionId])).rejects.toThrow(Forbidden);
});

it("counts agents by version, and lists those of one", async () => {
  const { runtime, admin, projectId, database } = fixture;
  for (const [name, definitionVersion] of Object.entries({ a: 3, b: 2, c: 2, gone: 1 })) {
    const { agent } = await registerAgent(runtime, admin, { projectId, definitionSlug: "checker", name });
    await updateAgent(runtime, admin, { agentId: agent.id, definitionVersion });
  }
  await database.query(sql`update agents set state = 'DECOMMISSIONED' where name = 'gone'`);
  const count = (project: string | null, caller = admin) =>
    only(countAgentsByVersion(runtime, caller, [definitionId], project));
  const expected = [
    { version: 3, agents: 1 },
    { version: 2, agents: 2 },
  ];
  expect(await count(null)).toEqual(expected);
  expect(await count(projectId)).toEqual(expected);
  expect(await count((await addProject(database)).projectId)).toEqual([]);
  expect(await count(null, await elsewhere())).toEqual([]);
  await expect(count(null, nobody)).rejects.toThrow(Forbidden);
  const filter = { definitionId, definitionVersion: 2 };
  const listed = await only(listAgents(runtime, admin, { projectIds: [projectId] }, { filter, page: {} }));
  expect(listed.edges.map(({ node }) => node.name)).toEqual(["b", "c"]);
});

it("finds what agents are registered with: the workspace's own definition before the shared one", async () => {
  const { runtime, admin, projectId, workspaceId } = fixture;
  const find = async (slug: string, caller = admin) =>
    (await findDefinitions(runtime, caller, [projectId], slug)).get(projectId);
  expect(await find("builder")).toMatchObject({ workspaceId: null });
  const own = { workspaceId, slug: "builder", name: "Own", type: "process", capabilities: [] };
  await registerDefinition(runtime, admin, own);
  expect(await find("builder")).toMatchObject({ workspaceId, name: "Own" });
  for (const slug of ["none", "\0", "\ud800"]) expect(await find(slug)).toBeUndefined();
  expect(await find("builder", await elsewhere())).toBeUndefined();
  await expect(find("builder", nobody)).rejects.toThrow(Forbidden);
});
