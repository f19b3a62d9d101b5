import { parseApiKey } from "@muster/domain/api-key.ts";
import { type Conflict, Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, addProject, callerOf, createFixture, type Fixture } from "../../test/fixtures.ts";
import { agentEvents, agentRow } from "../../test/held-tasks.ts";
import { registerDefinition } from "../definitions/register-definition.ts";
import { newId } from "../new-id.ts";
import { registerAgent, type RegisterAgentInput } from "./register-agent.ts";
import { rotateAgentKey } from "./rotate-agent-key.ts";
import { updateAgent, type UpdateAgentInput } from "./update-agent.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
  await registerDefinition(fixture.runtime, fixture.admin, {
    slug: "server",
    name: "Server",
    type: "process",
    capabilities: ["serve", "log"],
    configSchema: { type: "object", required: ["port"], properties: { port: { type: "integer" } } },
  });
});
afterAll(() => fixture.close());

const register = (name: string, more: Partial<RegisterAgentInput> = {}, caller = fixture.admin) =>
  registerAgent(fixture.runtime, caller, { projectId: fixture.projectId, definitionSlug: "builder", name, ...more });
const update = (agentId: string, change: Omit<UpdateAgentInput, "agentId">, caller = fixture.admin) =>
  updateAgent(fixture.runtime, caller, { agentId, ...change });
const keysOf = (agentId: string) =>
  fixture.database.query<Record<string, unknown>>(
    sql`select * from api_keys where agent_id = ${agentId} order by created_at`,
  );
const refusal = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InvalidInput);
  return (error as InvalidInput).issues;
};

describe("registerAgent", () => {
  it("makes the agent and its key, of which only a hash is stored", async () => {
    const config = { port: 80 };
    const { agent, key } = await register("web", {
      definitionSlug: "server",
      config,
      labels: { tier: "front" },
      maxConcurrency: 4,
    });
    expect(agent).toMatchObject({
      name: "web",
      workspaceId: fixture.workspaceId,
      projectId: fixture.projectId,
      state: "REGISTERED",
      version: 1,
      definitionVersion: 1,
      capabilities: ["log", "serve"],
      config,
      labels: { tier: "front" },
      maxConcurrency: 4,
      activeTasks: 0,
      incarnation: 0,
    });
    const parsed = parseApiKey(key);
    const keys = await keysOf(agent.id);
    expect(keys).toMatchObject([
      {
        id: parsed?.id,
        kind: "agent",
        hash: parsed?.hash,
        project_id: fixture.projectId,
        workspace_id: fixture.workspaceId,
        revoked_at: null,
      },
    ]);
    expect(JSON.stringify(keys)).not.toContain(key.slice(-49));
    expect(await agentEvents(fixture, agent.id)).toMatchObject([
      { type: "agent.registered", version: 1, payload: { name: "web" } },
    ]);
  });

  it("takes the workspace's own definition before the shared one, and pins its version", async () => {
    const own = { slug: "preferred", name: "P", type: "process", capabilities: ["own"] };
    await registerDefinition(fixture.runtime, fixture.admin, { ...own, capabilities: ["shared"] });
    expect((await register("first", { definitionSlug: "preferred" })).agent.capabilities).toEqual(["shared"]);
    await registerDefinition(fixture.runtime, fixture.admin, { ...own, workspaceId: fixture.workspaceId });
    const second = await register("second", { definitionSlug: "preferred" });
    expect(second.agent.capabilities).toEqual(["own"]);
    await registerDefinition(fixture.runtime, fixture.admin, {
      ...own,
      capabilities: ["new"],
      workspaceId: fixture.workspaceId,
    });
    expect((await register("third", { definitionSlug: "preferred" })).agent).toMatchObject({
      definitionVersion: 2,
      capabilities: ["new"],
    });
    const elsewhere = await addProject(fixture.database);
    const other = await register("fourth", { definitionSlug: "preferred", projectId: elsewhere.projectId });
    expect(other.agent.capabilities).toEqual(["shared"]);
    await registerDefinition(fixture.runtime, fixture.admin, {
      ...own,
      enabled: false,
      workspaceId: fixture.workspaceId,
    });
    expect(await refusal(register("fifth", { definitionSlug: "preferred" }))).toMatchObject([
      { path: ["definitionSlug"] },
    ]);
  });

  it("refuses a config that does not match, with every issue", async () => {
    expect(await refusal(register("bad", { definitionSlug: "server", config: { port: "80" } }))).toEqual([
      { path: ["config", "port"], message: "must be integer." },
    ]);
    expect(await refusal(register("bad", { definitionSlug: "server" }))).toMatchObject([{ path: ["config"] }]);
    expect((await fixture.database.query(sql`select 1 from agents where name = 'bad'`)).length).toBe(0);
  });

  it("lets one of many have a name", async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => register("popular")));
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected")
        expect((result.reason as InvalidInput).issues).toMatchObject([{ path: ["name"] }]);
    }
    const [counts] = await fixture.database.query(
      sql`select count(*)::int as keys from api_keys where name = 'popular'`,
    );
    expect(counts).toEqual({ keys: 1 });
  });

  it("answers unknown and foreign projects alike", async () => {
    const elsewhere = await addProject(fixture.database);
    const reach = { workspaceId: fixture.workspaceId, projectId: fixture.projectId };
    const local = callerOf({ kind: "USER", name: "local", reach, permissions: new Set(PERMISSIONS) });
    for (const projectId of [newId(), elsewhere.projectId]) {
      await expect(register("x", { projectId }, local)).rejects.toEqual(new NotFound("project"));
    }
    await expect(register("x", { definitionSlug: "unknown" })).rejects.toThrow(NotFound);
    const { caller } = await addAgent(fixture, "one of us");
    await expect(register("x", {}, caller)).rejects.toThrow(Forbidden);
  });

  it.each<[string, Partial<RegisterAgentInput>, string]>([
    ["an empty name", { name: "" }, "name"],
    ["NUL in a name", { name: "a\0b" }, "name"],
    ["no room", { maxConcurrency: 0 }, "maxConcurrency"],
    ["half a task", { maxConcurrency: 1.5 }, "maxConcurrency"],
    ["labels that are no texts", { labels: { a: 1 } as never }, "labels"],
    ["a label that JavaScript would lose", { labels: JSON.parse('{"__proto__":"x"}') as never }, "labels"],
    ["a config that is no object", { config: [] as never }, "config"],
    ["a lone surrogate in the config", { config: { a: "\ud800" } }, "config"],
  ])("refuses %s", async (_name, input, path) => {
    expect((await refusal(register("invalid", input)))[0]?.path[0]).toBe(path);
  });
});

describe("rotateAgentKey", () => {
  it("leaves one key, also when several rotate at once", async () => {
    const { agent, key } = await register("rotated");
    const rotated = await Promise.all(
      Array.from({ length: 5 }, () => rotateAgentKey(fixture.runtime, fixture.admin, { agentId: agent.id })),
    );
    const valid = (await keysOf(agent.id)).filter((row) => row["revoked_at"] === null).map((row) => row["hash"]);
    expect(valid).toHaveLength(1);
    expect(rotated.map((result) => parseApiKey(result.key)?.hash)).toContain(valid[0]);
    expect(valid).not.toContain(parseApiKey(key)?.hash);
    expect((await agentEvents(fixture, agent.id)).filter((event) => event.type === "agent.key_rotated")).toHaveLength(
      5,
    );
    await expect(rotateAgentKey(fixture.runtime, fixture.admin, { agentId: newId() })).rejects.toThrow(NotFound);
    const { caller } = await addAgent(fixture, "no rotation");
    await expect(rotateAgentKey(fixture.runtime, caller, { agentId: agent.id })).rejects.toThrow(Forbidden);
  });
});

describe("updateAgent", () => {
  it("changes what is given, and says so", async () => {
    const { agent } = await register("before", { labels: { a: "1" } });
    expect(await update(agent.id, { name: "after", maxConcurrency: 9 })).toMatchObject({
      name: "after",
      labels: { a: "1" },
      maxConcurrency: 9,
      configVersion: 1,
      version: 1,
    });
    expect(await update(agent.id, { config: { a: 1 } })).toMatchObject({
      config: { a: 1 },
      configVersion: 2,
      name: "after",
    });
    expect(await update(agent.id, { config: { a: 1 }, name: "after" })).toMatchObject({ configVersion: 2 });
    expect((await agentEvents(fixture, agent.id)).slice(1).map((event) => event.payload)).toEqual([
      {
        changed: ["name", "maxConcurrency"],
        configVersion: 1,
        definitionVersion: 1,
        before: { name: "before", maxConcurrency: 1 },
        after: { name: "after", maxConcurrency: 9 },
      },
      {
        changed: ["config"],
        configVersion: 2,
        definitionVersion: 1,
        before: { config: {} },
        after: { config: { a: 1 } },
      },
    ]);
  });

  it("lets one of many change the same config version", async () => {
    const { agent } = await register("contended");
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => update(agent.id, { config: { n }, expectedConfigVersion: 1 })),
    );
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected")
        expect(result.reason).toMatchObject({ expected: "1", actual: "2" } satisfies Partial<Conflict>);
    }
  });

  it("holds the config against the schema of the agent's own definition version", async () => {
    const { agent } = await register("pinned", { definitionSlug: "server", config: { port: 1 } });
    await registerDefinition(fixture.runtime, fixture.admin, {
      slug: "server",
      name: "Server",
      type: "process",
      capabilities: ["serve"],
    });
    expect(await refusal(update(agent.id, { config: { port: "no" } }))).toMatchObject([{ path: ["config", "port"] }]);
    expect((await update(agent.id, { config: { port: 2 } })).config).toEqual({ port: 2 });
  });

  it("refuses another agent's name, and agents out of reach", async () => {
    await register("taken");
    const { agent } = await register("wants");
    expect(await refusal(update(agent.id, { name: "taken" }))).toMatchObject([{ path: ["name"] }]);
    expect((await update(agent.id, { name: "wants" })).name).toBe("wants");
    await expect(update(newId(), { name: "x" })).rejects.toThrow(NotFound);
    const { caller } = await addAgent(fixture, "no update");
    await expect(update(agent.id, { name: "x" }, caller)).rejects.toThrow(Forbidden);
    expect(await agentRow(fixture, agent.id)).toMatchObject({ version: 1 });
  });
});
