import { Forbidden, InvalidInput, NotFound, VersionPruned } from "@muster/domain/errors.ts";
import { formatContextVersionId } from "@muster/domain/ids.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violationsIn } from "../../test/consistency.ts";
import { addAgent, addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { newId } from "../new-id.ts";
import { forkContext } from "./fork-context.ts";
import { listForks } from "./fork-queries.ts";
import { openContext } from "./open-context.ts";
import { pinVersion } from "./retention/pin-version.ts";
import { rollBackContext } from "./rollbacks/roll-back-context.ts";
import { getVersionData, getVersions } from "./versions/version-queries.ts";
import { writeContext } from "./versions/write-context.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const TEXT = "a sentence that stays as it is. ".repeat(40);

async function newContext(versions: number, agentId?: string): Promise<string> {
  const { runtime, admin, projectId } = fixture;
  const { id: contextId } = await openContext(runtime, admin, { projectId, agentId, name: newId() });
  for (let value = 1; value <= versions; value++)
    await writeContext(runtime, admin, { contextId, data: { value, text: TEXT } });
  return contextId;
}
const fork = (contextId: string, number: number, more: object = {}) =>
  forkContext(fixture.runtime, fixture.admin, { contextId, number, name: newId(), ...more });
const dataOf = async (contextId: string, number: number) =>
  (await getVersionData(fixture.runtime, fixture.admin, [{ contextId, number }]))[0]?.data;

describe("forkContext", () => {
  it("starts a context whose first version has the data, as a snapshot of its own", async () => {
    const { runtime, admin, database } = fixture;
    const source = await newContext(3);
    const made = await fork(source, 2, { name: "tried", message: "what if" });
    expect(made).toMatchObject({
      name: "tried",
      agentId: null,
      projectId: fixture.projectId,
      currentVersion: 1,
      forkedFromId: source,
      forkedFromVersion: 2,
    });
    expect(await dataOf(made.id, 1)).toEqual({ value: 2, text: TEXT });
    const [first] = await getVersions(runtime, admin, [{ contextId: made.id, number: 1 }]);
    expect(first).toMatchObject({ message: "what if", parent: null, author: { name: "admin" }, rolledBackTo: null });
    const stored = await database.query(
      sql`select base_hash, depth from context_contents where context_id = ${made.id}`,
    );
    expect(stored).toEqual([{ base_hash: null, depth: 0 }]);
    const events = await database.query(
      sql`select type, payload->>'forkedFrom' as "from", subject_version as version from events where context_id = ${made.id} order by id`,
    );
    expect(events).toEqual([
      { type: "context.opened", from: formatContextVersionId(source, 2), version: 0 },
      { type: "context.version_written", from: null, version: 1 },
    ]);
    // Neither hears of the other again.
    await writeContext(runtime, admin, { contextId: source, data: "changed" });
    await writeContext(runtime, admin, { contextId: made.id, data: { value: 9, text: TEXT } });
    expect(await dataOf(made.id, 1)).toEqual({ value: 2, text: TEXT });
    expect(await dataOf(source, 3)).toEqual({ value: 3, text: TEXT });
    expect(await violationsIn(database)).toEqual([]);
  });

  it("takes no pins, holds and settings along", async () => {
    const { runtime, admin, database } = fixture;
    const source = await newContext(3);
    await pinVersion(runtime, admin, { contextId: source, number: 2, name: "kept" });
    await rollBackContext(runtime, admin, { contextId: source, toVersion: 1, reason: "test" });
    await database.query(sql`update contexts set keep_versions = 5, schema = '{"type":"object"}' where id = ${source}`);
    const { id: contextId, ...made } = await fork(source, 2);
    expect(made).toMatchObject({ keepVersions: null, schema: null, rollbackState: null });
    await writeContext(runtime, admin, { contextId, data: { value: 3, text: TEXT } });
    expect(await database.query(sql`select 1 from context_pins where context_id = ${contextId}`)).toEqual([]);
  });

  it("is refused without the version, its data, the owner, or with a name that is taken", async () => {
    const { admin, runtime, database, projectId } = fixture;
    const agent = await addAgent(fixture, "owner");
    const source = await newContext(2);
    const far = await addAgent(fixture, "far", "ONLINE", await addProject(database));
    await fork(source, 1, { name: "taken" });
    await fork(source, 1, { name: "taken", agentId: agent.id });
    await expect(fork(source, 1, { name: "taken" })).rejects.toThrow(/name: is taken: the project shares/);
    await expect(fork(source, 1, { name: "taken", agentId: agent.id })).rejects.toThrow(/the agent has a context/);
    for (const number of [0, 3])
      await expect(fork(source, number)).rejects.toThrow(number === 0 ? InvalidInput : NotFound);
    await expect(fork(newId(), 1)).rejects.toThrow(NotFound);
    for (const agentId of [newId(), far.id]) await expect(fork(source, 1, { agentId })).rejects.toThrow(NotFound);
    for (const name of ["", "x".repeat(201), "\0"])
      await expect(fork(source, 1, { name })).rejects.toThrow(InvalidInput);
    const { id: empty } = await openContext(runtime, admin, { projectId, name: newId() });
    await expect(fork(empty, 1)).rejects.toThrow(NotFound);
    await database.query(
      sql`update context_versions set pruned_at = clock_timestamp() where context_id = ${source} and number = 1`,
    );
    const [before] = await database.query(sql`select count(*) from contexts`);
    await expect(fork(source, 1)).rejects.toThrow(VersionPruned);
    await database.query(
      sql`update context_contents set body = '"other"' where context_id = ${source} and base_hash is null`,
    );
    await expect(fork(source, 2)).rejects.toMatchObject({ name: "VersionTampered" });
    expect(await database.query(sql`select count(*) from contexts`)).toEqual([before]);
    await database.query(sql`delete from context_contents where context_id = ${source}`);
    await database.query(sql`update context_versions set pruned_at = clock_timestamp() where context_id = ${source}`);
    await database.query(sql`update contexts set pruned_through = 2 where id = ${source}`);
  });

  it("lets agents fork what they may read into what they may write", async () => {
    const { runtime } = fixture;
    const [agent, another] = [await addAgent(fixture, "forking"), await addAgent(fixture, "private")];
    const [own, theirs, shared] = [await newContext(1, agent.id), await newContext(1, another.id), await newContext(1)];
    const forking = (contextId: string, agentId: string | null) =>
      forkContext(runtime, agent.caller, { contextId, number: 1, agentId, name: newId() });
    expect(await forking(own, agent.id)).toMatchObject({ agentId: agent.id });
    expect(await forking(own, null)).toMatchObject({ agentId: null });
    expect(await forking(shared, agent.id)).toMatchObject({ agentId: agent.id });
    await expect(forking(theirs, agent.id)).rejects.toThrow(NotFound);
    await expect(forking(shared, another.id)).rejects.toThrow(NotFound);
    const permissions = new Set(fixture.admin.actor.permissions);
    permissions.delete("context.write");
    const reader = callerOf({ kind: "API_KEY", name: "reader", permissions });
    await expect(forkContext(runtime, reader, { contextId: shared, number: 1, name: newId() })).rejects.toThrow(
      Forbidden,
    );
    const reach = await addProject(fixture.database);
    const elsewhere = callerOf({ ...fixture.admin.actor, reach });
    await expect(forkContext(runtime, elsewhere, { contextId: shared, number: 1, name: newId() })).rejects.toThrow(
      NotFound,
    );
  });

  it("lists forks, the newest first, to those who may see them", async () => {
    const { runtime, admin } = fixture;
    const [agent, another] = [await addAgent(fixture, "listing"), await addAgent(fixture, "hidden")];
    const source = await newContext(1);
    const forks = [];
    for (const agentId of [agent.id, null, another.id]) forks.push((await fork(source, 1, { agentId })).id);
    const list = async (caller = admin, page: object = {}) =>
      (await only(listForks(runtime, caller, [source], page))).edges.map(({ node }) => node.id);
    expect(await list()).toEqual(forks.toReversed());
    expect(await list(agent.caller)).toEqual([forks[1], forks[0]]);
    expect(await list(admin, { first: 2 })).toEqual([forks[2], forks[1]]);
    expect(await list(callerOf({ ...admin.actor, reach: await addProject(fixture.database) }))).toEqual([]);
  });

  it("makes one of several of the same name at the same moment", async () => {
    const source = await newContext(1);
    const racing = await Promise.allSettled(Array.from({ length: 6 }, () => fork(source, 1, { name: "raced" })));
    expect(racing.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of racing) if (result.status === "rejected") expect(result.reason).toBeInstanceOf(InvalidInput);
  });
});
