import { Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { newId } from "../new-id.ts";
import { getDefinitions, listDefinitions } from "./definition-queries.ts";
import { registerDefinition, type RegisterDefinitionInput } from "./register-definition.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const DEFINITION = { name: "Tester", type: "process", capabilities: ["test"] };
const register = (slug: string, more: Partial<RegisterDefinitionInput> = {}, caller = fixture.admin) =>
  registerDefinition(fixture.runtime, caller, { ...DEFINITION, slug, ...more });
const versionsOf = (id: string) =>
  fixture.database.query<{ version: number; capabilities: string[] }>(
    sql`select version, capabilities from agent_definition_versions where definition_id = ${id} order by version`,
  );
const eventsOf = async (id: string) =>
  (
    await fixture.database.query<{ type: string }>(sql`select type from events where subject_id = ${id} order by id`)
  ).map((event) => event.type);

describe("registerDefinition", () => {
  it("registers, and the same again changes nothing", async () => {
    const first = await register("same", { metadata: { a: 1, b: [2] }, capabilities: ["b", "a", "b"] });
    expect(first).toMatchObject({
      version: 1,
      enabled: true,
      workspaceId: null,
      capabilities: ["a", "b"],
      configSchema: {},
    });
    const again = await register("same", { metadata: { b: [2], a: 1 }, capabilities: ["a", "b"] });
    expect(again).toEqual(first);
    expect(await versionsOf(first.id)).toHaveLength(1);
    expect(await eventsOf(first.id)).toEqual(["definition.registered"]);
  });

  it.each<[string, Partial<RegisterDefinitionInput>]>([
    ["type", { type: "container" }],
    ["capabilities", { capabilities: ["test", "lint"] }],
    ["config schema", { configSchema: { type: "object" } }],
    ["metadata", { metadata: { entry: "main.ts" } }],
  ])("adds a version when the %s changes, and leaves the older ones", async (what, change) => {
    const slug = `change-${what.replace(" ", "-")}`;
    const { id } = await register(slug);
    const [before] = await versionsOf(id);
    expect((await register(slug, change)).version).toBe(2);
    expect((await register(slug)).version).toBe(3);
    const versions = await versionsOf(id);
    expect(versions.map((row) => row.version)).toEqual([1, 2, 3]);
    expect(versions[0]).toEqual(before);
    expect(await eventsOf(id)).toEqual([
      "definition.registered",
      "definition.version_added",
      "definition.version_added",
    ]);
  });

  it("adds no version for name, description and enabled, and keeps enabled when it is not given", async () => {
    const { id } = await register("names");
    expect(await register("names", { name: "New", description: "d", enabled: false })).toMatchObject({
      version: 1,
      enabled: false,
    });
    expect(await register("names", { name: "New", description: "d" })).toMatchObject({ version: 1, enabled: false });
    expect(await versionsOf(id)).toHaveLength(1);
    expect(await eventsOf(id)).toEqual(["definition.registered", "definition.updated"]);
  });

  it("registers once when many do so at once, and numbers every change", async () => {
    const same = await Promise.all(Array.from({ length: 10 }, () => register("race")));
    expect(new Set(same.map((definition) => definition.id)).size).toBe(1);
    expect(await versionsOf(same[0]?.id ?? "")).toHaveLength(1);
    const alike = await Promise.all(Array.from({ length: 10 }, () => register("alike", { type: "new" })));
    expect(new Set(alike.map((definition) => definition.version))).toEqual(new Set([1]));
    const again = await Promise.all(Array.from({ length: 10 }, () => register("alike", { type: "newer" })));
    expect(new Set(again.map((definition) => definition.version))).toEqual(new Set([2]));
    expect(await versionsOf(alike[0]?.id ?? "")).toHaveLength(2);
    const changed = await Promise.all(Array.from({ length: 10 }, (_, n) => register("race", { metadata: { n } })));
    expect(changed.map((definition) => definition.version).sort((a, b) => a - b)).toEqual([
      2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
    ]);
    expect(await versionsOf(same[0]?.id ?? "")).toHaveLength(11);
  });

  it("keeps workspaces apart", async () => {
    const [here, elsewhere] = [fixture, await addProject(fixture.database)];
    const [shared, mine, theirs] = [
      await register("tenant"),
      await register("tenant", { workspaceId: here.workspaceId }),
      await register("tenant", { workspaceId: elsewhere.workspaceId }),
    ];
    expect(new Set([shared.id, mine.id, theirs.id]).size).toBe(3);
    const reach = { workspaceId: here.workspaceId, projectId: null };
    const local = callerOf({ kind: "USER", name: "local", reach, permissions: new Set(PERMISSIONS) });
    await expect(register("tenant", {}, local)).rejects.toThrow(Forbidden);
    await expect(register("tenant", { workspaceId: elsewhere.workspaceId, name: "Mine now" }, local)).rejects.toThrow(
      NotFound,
    );
    await expect(register("new", { workspaceId: elsewhere.workspaceId }, local)).rejects.toThrow(NotFound);
    await expect(register("new", { workspaceId: newId() })).rejects.toThrow(NotFound);
    expect((await register("tenant", { workspaceId: here.workspaceId, name: "Mine" }, local)).id).toBe(mine.id);
    const seen = await getDefinitions(fixture.runtime, local, [shared.id, mine.id, theirs.id]);
    expect(seen.map((definition) => definition.id).sort()).toEqual([shared.id, mine.id].sort());
    const listed = await only(listDefinitions(fixture.runtime, fixture.admin, [here.workspaceId], { first: 200 }));
    const ids = listed.edges.map((edge) => edge.node.id);
    expect(ids).toEqual(expect.arrayContaining([shared.id, mine.id]));
    expect(ids).not.toContain(theirs.id);
  });

  it("needs the permission", async () => {
    const agent = await addAgent(fixture, "agent");
    await expect(register("x", {}, agent.caller)).rejects.toThrow(Forbidden);
    await expect(register("x", { workspaceId: fixture.workspaceId }, agent.caller)).rejects.toThrow(Forbidden);
  });

  it.each<[string, Partial<RegisterDefinitionInput>, string]>([
    ["a slug with capitals", { slug: "Tester" }, "slug"],
    ["NUL", { name: "a\0" }, "name"],
    ["a schema that is a list", { configSchema: [] as never }, "configSchema"],
    ["a schema that is none", { configSchema: { type: "thing" } }, "configSchema"],
    ["an unknown draft", { configSchema: { $schema: "http://json-schema.org/draft-04/schema#" } }, "configSchema"],
    ["a reference that leads outside", { configSchema: { $ref: "http://127.0.0.1:1/schema.json" } }, "configSchema"],
    ["a bad pattern", { configSchema: { pattern: "(" } }, "configSchema"],
    ["a schema that answers later", { configSchema: { $async: true } }, "configSchema"],
    ["a huge schema", { configSchema: { description: "x".repeat(70_000) } }, "configSchema"],
    ["__proto__ in metadata", { metadata: JSON.parse('{"__proto__": 1}') as never }, "metadata"],
  ])("refuses %s before it writes anything", async (_name, input, path) => {
    const error = await register("refused", input).then(
      () => null,
      (refusal: unknown) => refusal,
    );
    expect(error).toBeInstanceOf(InvalidInput);
    expect((error as InvalidInput).issues[0]?.path[0]).toBe(path);
    expect((await fixture.database.query(sql`select 1 from agent_definitions where slug = 'refused'`)).length).toBe(0);
  });
});
