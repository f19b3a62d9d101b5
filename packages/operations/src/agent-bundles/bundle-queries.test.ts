import { Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { AGENT_PERMISSIONS, PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundlesOn } from "../../test/bundles.ts";
import { violationsIn } from "../../test/consistency.ts";
import { addAgent, addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { agentEvents } from "../../test/held-tasks.ts";
import { connectAgent } from "../agents/connect-agent.ts";
import { forkContext } from "../contexts/fork-context.ts";
import { openContext } from "../contexts/open-context.ts";
import { rollBackContext } from "../contexts/rollbacks/roll-back-context.ts";
import { diffBundles, getBundleNumbers, getBundleStates, listBundles } from "./bundle-queries.ts";

let fixture: Fixture;
let on: ReturnType<typeof bundlesOn>;
beforeAll(async () => {
  fixture = await createFixture();
  on = bundlesOn(fixture);
});
afterAll(() => fixture.close());

const changesOf = async (agentId: string) =>
  (await on.list(agentId)).map(({ number, changes, contextVersion }) => [number, ...changes, contextVersion]);

describe("what makes a bundle", () => {
  it("is the registration and each change of config, limits and definition version, but not of names", async () => {
    await on.defineWorker(["old", "both"]);
    const { id } = await on.agent({ level: 1 }, "worker");
    await on.defineWorker(["new", "both"]);
    expect(await on.head(id)).toBe(1);
    await on.update(id, { name: "renamed", labels: { a: "b" } });
    await on.update(id, { config: { level: 1 }, maxConcurrency: 1, definitionVersion: 1 });
    expect(await on.head(id)).toBe(1);
    await on.update(id, { config: { level: 2 } });
    await on.update(id, { maxConcurrency: 3 });
    await on.update(id, { definitionVersion: 2, name: "moved" });
    await on.update(id, { definitionVersion: 1, config: { level: 3 }, maxConcurrency: 4 });
    expect(await changesOf(id)).toEqual([
      [1, "REGISTRATION", null],
      [2, "CONFIG", null],
      [3, "LIMITS", null],
      [4, "DEFINITION_VERSION", null],
      [5, "DEFINITION_VERSION", "CONFIG", "LIMITS", null],
    ]);
    const [registered] = await on.list(id);
    const { kind, id: by, name } = fixture.admin.actor;
    expect(registered).toMatchObject({ author: { kind, id: by, name }, reason: null, rolledBackTo: null });
  });

  it("is each version of an own context: written, rolled back and forked; not of a shared one", async () => {
    const { id } = await on.agent();
    const own = await on.context(id, "own");
    const shared = await on.context(null, "shared");
    await on.write(own, 1);
    await on.write(shared, 1);
    await on.write(own, 2);
    await rollBackContext(fixture.runtime, fixture.admin, { contextId: own, toVersion: 1, reason: "wrong" });
    const fork = { contextId: shared, number: 1, agentId: id, name: "copy" };
    await forkContext(fixture.runtime, fixture.admin, fork);
    expect(await changesOf(id)).toEqual([
      [1, "REGISTRATION", null],
      [2, "CONTEXT", 1],
      [3, "CONTEXT", 2],
      [4, "CONTEXT", 3],
      [5, "CONTEXT", 1],
    ]);
    const [, , , back] = await on.list(id);
    expect(back).toMatchObject({ contextId: own, reason: "wrong", rolledBackTo: null });
  });

  it("leaves out what is refused", async () => {
    const { id } = await on.agent();
    await on.defineWorker(["work"], { type: "object", required: ["port"] });
    const worker = await on.agent({ port: 1 }, "worker");
    await expect(on.update(id, { definitionVersion: 7 })).rejects.toThrow("There is no version 7");
    await expect(on.update(worker.id, { config: {} })).rejects.toThrow(InvalidInput);
    const own = await on.context(id, "own");
    const { runtime, admin } = fixture;
    await on.write(own, "bad");
    await rollBackContext(runtime, admin, { contextId: own, toVersion: 1, reason: "no" }).catch(() => {});
    expect([await on.head(id), await on.head(worker.id)]).toEqual([2, 1]);
  });
});

describe("updateAgent with a definition version", () => {
  it("exchanges the definition's capabilities and leaves what the process declared", async () => {
    const { version: from } = await on.defineWorker(["old", "both"]);
    const { id } = await on.agent({}, "worker");
    const { version: to } = await on.defineWorker(["both", "new"]);
    expect((await on.update(id, { definitionVersion: to })).capabilities).toEqual(["both", "new"]);
    await connectAgent(fixture.runtime, fixture.admin, { agentId: id, capabilities: ["mine"] });
    expect((await on.update(id, { definitionVersion: from })).capabilities).toEqual(["both", "mine", "old"]);
    expect((await agentEvents(fixture, id)).at(-1)).toMatchObject({
      type: "agent.updated",
      payload: { changed: ["definitionVersion"], definitionVersion: from, configVersion: 1 },
    });
  });

  it("checks the config, given or present, against that version's schema", async () => {
    const { version: from } = await on.defineWorker(["work"]);
    const { id } = await on.agent({ port: "80" }, "worker");
    const { version: to } = await on.defineWorker(["work"], { properties: { port: { type: "integer" } } });
    await on.update(id, { definitionVersion: from });
    await expect(on.update(id, { definitionVersion: to })).rejects.toThrow("config.port: must be integer.");
    await expect(on.update(id, { definitionVersion: to, config: { port: "81" } })).rejects.toThrow("must be integer");
    const moved = await on.update(id, { definitionVersion: to, config: { port: 80 } });
    expect(moved).toMatchObject({ definitionVersion: to, config: { port: 80 }, configVersion: 2 });
    // A version of another definition is none of its own.
    const builder = await on.agent();
    await expect(on.update(builder.id, { definitionVersion: to })).rejects.toThrow(InvalidInput);
  });
});

describe("what bundles tell", () => {
  it("is all that the agent was then", async () => {
    const { id } = await on.agent({ level: 1 });
    const [plan, notes] = [await on.context(id, "plan"), await on.context(id, "notes")];
    await on.write(plan, { step: 1 });
    await on.update(id, { config: { level: 2 }, maxConcurrency: 5 });
    await on.write(notes, ["a"]);
    await on.write(plan, { step: 2 });
    const first = { definitionVersion: 1, config: { level: 1 }, maxConcurrency: 1 };
    const second = { definitionVersion: 1, config: { level: 2 }, maxConcurrency: 5 };
    expect(await on.at(id, 1)).toEqual({ ...first, contexts: {} });
    expect(await on.at(id, 2)).toEqual({ ...first, contexts: { plan: { step: 1 } } });
    expect(await on.at(id, 3)).toEqual({ ...second, contexts: { plan: { step: 1 } } });
    expect(await on.at(id, 4)).toEqual({ ...second, contexts: { plan: { step: 1 }, notes: ["a"] } });
    expect(await on.at(id, 5)).toEqual(await on.now(id));
    for (const number of [0, 6, -1]) await expect(on.at(id, number)).rejects.toThrow(NotFound);
    const read = (from: number, to: number) => only(diffBundles(fixture.runtime, fixture.admin, [id], { from, to }));
    expect((await read(2, 5)).contexts.map(({ name, from, to }) => [name, from?.version, to?.version])).toEqual([
      ["notes", undefined, 1],
      ["plan", 1, 2],
    ]);
    expect(await read(2, 5)).toMatchObject({ itself: true });
    expect(await read(4, 5)).toMatchObject({ itself: false });
    expect(await read(3, 3)).toMatchObject({ itself: false, contexts: [] });
    await expect(read(1, 6)).rejects.toThrow(NotFound);
  });

  it("takes versions with the same data for equal", async () => {
    const { id } = await on.agent();
    const own = await on.context(id, "own");
    for (const data of [1, 2, 1]) await on.write(own, data);
    const difference = await only(diffBundles(fixture.runtime, fixture.admin, [id], { from: 2, to: 4 }));
    expect(difference).toMatchObject({ itself: false, contexts: [] });
  });

  it("is paged, the newest first, for many agents at once", async () => {
    const [one, other] = [await on.agent(), await on.agent()];
    for (const maxConcurrency of [2, 3, 4]) await on.update(one.id, { maxConcurrency });
    const page = async (after?: string) => {
      const pages = await listBundles(fixture.runtime, fixture.admin, [one.id, other.id], { first: 3, after });
      const found = pages.get(one.id)!;
      return {
        ...found,
        numbers: found.edges.map(({ node }) => node.number),
        other: pages.get(other.id)?.edges.length,
      };
    };
    const first = await page();
    expect(first).toMatchObject({ numbers: [4, 3, 2], hasNextPage: true, other: 1 });
    expect(await first.count()).toEqual({ count: 4, capped: false });
    expect(await page(first.edges.at(-1)?.cursor)).toMatchObject({ numbers: [1], hasNextPage: false });
  });
});

describe("who may read bundles", () => {
  it("is everyone within reach, and of agents each for itself", async () => {
    const { runtime, admin } = fixture;
    const [one, other] = [await on.agent(), await on.agent()];
    const elsewhere = await addProject(fixture.database);
    const reads = async (caller: typeof admin) => [
      (await getBundleNumbers(runtime, caller, [one.id])).size,
      (await only(listBundles(runtime, caller, [one.id], {}))).edges.length,
      (await getBundleStates(runtime, caller, [one.id], 1)).get(one.id) instanceof NotFound ? 0 : 1,
      (await diffBundles(runtime, caller, [one.id], { from: 1, to: 1 })).get(one.id) instanceof NotFound ? 0 : 1,
    ];
    const agentKey = (id: string) =>
      callerOf({ kind: "AGENT", id, name: "agent", reach: fixture, permissions: new Set(AGENT_PERMISSIONS) });
    const person = (reach: { workspaceId: string | null; projectId: string | null }) =>
      callerOf({ kind: "USER", name: "person", reach, permissions: new Set(PERMISSIONS) });
    expect(await reads(admin)).toEqual([1, 1, 1, 1]);
    expect(await reads(person(fixture))).toEqual([1, 1, 1, 1]);
    expect(await reads(agentKey(one.id))).toEqual([1, 1, 1, 1]);
    // The number alone says nothing of what the other remembers.
    expect(await reads(agentKey(other.id))).toEqual([1, 0, 0, 0]);
    expect(await reads(person(elsewhere))).toEqual([0, 0, 0, 0]);
    expect(await reads(person({ workspaceId: null, projectId: elsewhere.projectId }))).toEqual([0, 0, 0, 0]);
    expect(await reads(person({ workspaceId: elsewhere.workspaceId, projectId: null }))).toEqual([0, 0, 0, 0]);
    const blind = callerOf({ kind: "USER", name: "nobody", permissions: new Set() });
    for (const reading of [
      getBundleNumbers(runtime, blind, [one.id]),
      listBundles(runtime, blind, [one.id], {}),
      getBundleStates(runtime, blind, [one.id], 1),
      diffBundles(runtime, blind, [one.id], { from: 1, to: 1 }),
    ])
      await expect(reading).rejects.toThrow(Forbidden);
  });

  it("tells nothing of an agent that has none recorded, and lets it change", async () => {
    const { runtime, admin, database } = fixture;
    const place = await addProject(database);
    const { id } = await addAgent(fixture, "unrecorded", "ONLINE", place);
    await database.query(sql`delete from agent_bundles where agent_id = ${id}`);
    await database.query(sql`delete from agent_bundle_heads where agent_id = ${id}`);
    const own = { projectId: place.projectId, agentId: id, name: "own" };
    await on.write((await openContext(runtime, admin, own)).id, 1);
    await on.update(id, { maxConcurrency: 7 });
    expect([await on.head(id), await on.list(id)]).toEqual([0, []]);
    await expect(on.at(id, 1)).rejects.toThrow(NotFound);
    await expect(on.rollBack(id, 1)).rejects.toThrow("There is no such bundle");
  });
});

it("leaves everything consistent", async () => {
  expect(await violationsIn(fixture.database, { projectId: fixture.projectId })).toEqual([]);
});
