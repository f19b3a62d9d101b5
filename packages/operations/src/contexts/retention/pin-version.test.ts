import { Forbidden, InvalidInput, LimitExceeded, NotFound, VersionPruned } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, addProject, callerOf, createFixture, type Fixture } from "../../../test/fixtures.ts";
import { newId } from "../../new-id.ts";
import { getContexts } from "../context-queries.ts";
import { openContext } from "../open-context.ts";
import { getPins, getPinsOfVersions } from "./pin-queries.ts";
import { pinVersion, unpinVersion } from "./pin-version.ts";
import { writeContext } from "../versions/write-context.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

async function newContext(versions: number, agentId?: string): Promise<string> {
  const { runtime, admin, projectId } = fixture;
  const { id: contextId } = await openContext(runtime, admin, { projectId, agentId, name: newId() });
  for (let value = 1; value <= versions; value++) await writeContext(runtime, admin, { contextId, data: value });
  return contextId;
}
const pin = (contextId: string, number: number, name: string) =>
  pinVersion(fixture.runtime, fixture.admin, { contextId, number, name });
const unpin = (contextId: string, name: string) => unpinVersion(fixture.runtime, fixture.admin, { contextId, name });
const pins = async (contextId: string) =>
  (await getPins(fixture.runtime, fixture.admin, [contextId])).map(({ number, name }) => `${number} ${name}`);
const eventsOf = (contextId: string) =>
  fixture.database.query(sql`
    select type, payload, actor_name as actor, subject_version as version from events
    where context_id = ${contextId} and type like 'context.version\_%pinned' order by id`);

describe("pins", () => {
  it("name versions, each name once in its context, with an event for each change", async () => {
    const [contextId, other] = [await newContext(3), await newContext(1)];
    expect(await pin(contextId, 2, "before")).toMatchObject({ contextId, number: 2 });
    await pin(contextId, 2, "before");
    await pin(contextId, 2, "also");
    await pin(contextId, 3, "after");
    await pin(other, 1, "before");
    expect(await pins(contextId)).toEqual(["2 also", "2 before", "3 after"]);
    const { runtime, admin } = fixture;
    const ofVersions = await getPinsOfVersions(runtime, admin, [
      { contextId, number: 2 },
      { contextId, number: 1 },
      { contextId: other, number: 1 },
    ]);
    expect(ofVersions.map((one) => `${one.contextId === other} ${one.number} ${one.name}`).sort()).toEqual([
      "false 2 also",
      "false 2 before",
      "true 1 before",
    ]);
    expect(ofVersions[0]?.author).toEqual({ kind: "API_KEY", id: admin.actor.id, name: "admin" });
    expect(await unpin(contextId, "before")).toMatchObject({ id: contextId });
    await pin(contextId, 1, "before");
    expect(await pins(contextId)).toEqual(["1 before", "2 also", "3 after"]);
    const change = (type: string, name: string, number: number) => ({
      type: `context.version_${type}`,
      payload: { name, number, shared: true },
      actor: "admin",
      version: 3,
    });
    expect(await eventsOf(contextId)).toEqual([
      change("pinned", "before", 2),
      change("pinned", "also", 2),
      change("pinned", "after", 3),
      change("unpinned", "before", 2),
      change("pinned", "before", 1),
    ]);
  });

  it("are refused where they cannot be, and say why", async () => {
    const contextId = await newContext(2);
    await pin(contextId, 1, "taken");
    await expect(pin(contextId, 2, "taken")).rejects.toThrow(/name: is taken: it is pinned to version 1/);
    await expect(pin(contextId, 3, "missing")).rejects.toThrow(NotFound);
    await expect(pin(newId(), 1, "missing")).rejects.toThrow(NotFound);
    await expect(unpin(contextId, "missing")).rejects.toThrow(NotFound);
    for (const name of ["", "x".repeat(201), "\0", "\ud800"])
      await expect(pin(contextId, 1, name)).rejects.toThrow(InvalidInput);
    for (const number of [0, -1, 1.5, 2 ** 31]) await expect(pin(contextId, number, "x")).rejects.toThrow(InvalidInput);
    await fixture.database.query(
      sql`update context_versions set pruned_at = clock_timestamp() where context_id = ${contextId} and number = 1`,
    );
    await expect(pin(contextId, 1, "late")).rejects.toThrow(VersionPruned);
    expect(await pins(contextId)).toEqual(["1 taken"]);
  });

  it("are at most 1,000 of a context", async () => {
    const contextId = await newContext(1);
    await fixture.database.query(sql`
      insert into context_pins (context_id, name, number, author)
      select ${contextId}, n::text, 1, '{}' from generate_series(1, 999) n`);
    await pin(contextId, 1, "1000");
    await expect(pin(contextId, 1, "1001")).rejects.toThrow(LimitExceeded);
    expect(await pin(contextId, 1, "7")).toMatchObject({ number: 1 });
    await unpin(contextId, "7");
    await pin(contextId, 1, "1001");
  });

  it("are given once when many ask at the same moment", async () => {
    const contextId = await newContext(2);
    const same = await Promise.allSettled(Array.from({ length: 8 }, () => pin(contextId, 1, "one")));
    expect(same.every(({ status }) => status === "fulfilled")).toBe(true);
    const racing = await Promise.allSettled([1, 2, 1, 2].map((number) => pin(contextId, number, "two")));
    expect(racing.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    for (const result of racing) if (result.status === "rejected") expect(result.reason).toBeInstanceOf(InvalidInput);
    expect(await eventsOf(contextId)).toHaveLength(2);
  });

  it("lets retention judge the version again, once its name is off", async () => {
    const contextId = await newContext(5);
    await pin(contextId, 2, "kept");
    const through = async () => (await getContexts(fixture.runtime, fixture.admin, [contextId]))[0]?.prunedThrough;
    for (const judged of [0, 1, 2, 4]) {
      await fixture.database.query(sql`update contexts set pruned_through = ${judged} where id = ${contextId}`);
      await unpin(contextId, "kept");
      expect(await through()).toBe(Math.min(judged, 1));
      await pin(contextId, 2, "kept");
    }
  });

  it("are for those who may write the context", async () => {
    const { runtime, database } = fixture;
    const [agent, another] = [await addAgent(fixture, "pinning"), await addAgent(fixture, "another")];
    const [own, shared] = [await newContext(1, agent.id), await newContext(1)];
    await pinVersion(runtime, agent.caller, { contextId: own, number: 1, name: "mine" });
    await pinVersion(runtime, agent.caller, { contextId: shared, number: 1, name: "ours" });
    const foreign = { contextId: own, number: 1, name: "theirs" };
    await expect(pinVersion(runtime, another.caller, foreign)).rejects.toThrow(NotFound);
    await expect(unpinVersion(runtime, another.caller, { contextId: own, name: "mine" })).rejects.toThrow(NotFound);
    expect(await getPins(runtime, another.caller, [own])).toEqual([]);
    expect(await getPinsOfVersions(runtime, another.caller, [{ contextId: own, number: 1 }])).toEqual([]);
    const { projectId, workspaceId } = await addProject(database);
    const permissions = fixture.admin.actor.permissions;
    const elsewhere = callerOf({ kind: "API_KEY", name: "elsewhere", permissions, reach: { workspaceId, projectId } });
    await expect(pinVersion(runtime, elsewhere, { ...foreign, contextId: shared })).rejects.toThrow(NotFound);
    const reader = callerOf({ kind: "API_KEY", name: "reader", permissions: new Set(["context.read"]) });
    await expect(pinVersion(runtime, reader, foreign)).rejects.toThrow(Forbidden);
    await expect(unpinVersion(runtime, reader, { contextId: own, name: "mine" })).rejects.toThrow(Forbidden);
    expect(await pins(own)).toEqual(["1 mine"]);
  });
});
