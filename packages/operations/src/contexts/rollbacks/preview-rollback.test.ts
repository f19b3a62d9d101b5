import { InvalidInput, NotFound, VersionPruned } from "@muster/domain/errors.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture } from "../../../test/fixtures.ts";
import { holdTask } from "../../../test/held-tasks.ts";
import { rollbacksOn } from "../../../test/rollbacks.ts";
import { newId } from "../../new-id.ts";
import { previewRollback } from "./preview-rollback.ts";
import { updateContext } from "../update-context.ts";
import { getVersions } from "../versions/version-queries.ts";
import { writeContext } from "../versions/write-context.ts";

let fixture: Fixture;
let on: ReturnType<typeof rollbacksOn>;
beforeAll(async () => {
  fixture = await createFixture();
  on = rollbacksOn(fixture);
});
afterAll(() => fixture.close());

const preview = (contextId: string, toVersion = 1) =>
  previewRollback(fixture.runtime, fixture.admin, { contextId, toVersion });
const write = (contextId: string, data: object) =>
  writeContext(fixture.runtime, fixture.admin, { contextId, data: { ...data } });
const heldIn = async (contextId: string) => {
  const numbers = Array.from({ length: 20 }, (_, at) => ({ contextId, number: at + 1 }));
  const versions = await getVersions(fixture.runtime, fixture.admin, numbers);
  return versions.filter((version) => version.heldSince !== null).map((version) => version.number);
};

describe("previewRollback", () => {
  it("says what the rollback then does: to the data, to versions, and whom it asks", async () => {
    const [busy, idle, off] = [await on.agent("IDLE"), await on.agent(), await on.agent("OFFLINE")];
    const contextId = await on.contextOf([busy, idle, off]);
    // Version 4 has the data of version 1 again, so that it is not held.
    await write(contextId, { value: 1 });
    await write(contextId, { value: 5 });
    const tasks = [await holdTask(fixture, busy.id), await holdTask(fixture, idle.id)];
    // One that has not begun is done with what the rollback brings.
    await holdTask(fixture, idle.id, { start: false });
    const seen = await preview(contextId);
    expect(seen).toMatchObject({
      contextId,
      fromVersion: 5,
      toVersion: 1,
      operations: [{ op: "replace", path: "/value", value: 1 }],
      skipped: [5, 3, 2],
      skippedCount: 3,
      releases: [],
      releaseCount: 0,
      runningTaskCount: 2,
      warnings: [],
    });
    expect([...seen.runningTasks].toSorted()).toEqual(tasks.map(({ id }) => id).toSorted());
    expect(seen.agents.map(({ agentId, wouldConfirm }) => [agentId, wouldConfirm])).toEqual([
      [busy.id, true],
      [idle.id, true],
      [off.id, false],
    ]);
    // Nothing of it has happened.
    expect(await on.stateOf(contextId)).toMatchObject({ currentVersion: 5, rollbackState: null });
    await on.rollBack(contextId, 1, seen.fromVersion);
    expect((await heldIn(contextId)).toSorted()).toEqual([...seen.skipped].toSorted());
    expect(Object.keys(await on.answers(contextId)).toSorted()).toEqual([busy.id, idle.id].toSorted());

    const back = await preview(contextId, 3);
    expect(back).toMatchObject({ fromVersion: 6, skipped: [6, 5, 4], releases: [3], releaseCount: 1 });
    expect(back.warnings).toMatchObject([{ code: "SUPERSEDES_ROLLBACK" }]);
    expect(back.warnings[0]?.message).toContain("version 1");
    await on.rollBack(contextId, 3);
    expect(await heldIn(contextId)).not.toContain(3);
  });

  it("names the first two hundred of many versions, and counts all", async () => {
    const contextId = await on.contextOf([]);
    for (let value = 4; value <= 230; value++) await write(contextId, { value });
    const { skipped, skippedCount } = await preview(contextId);
    expect(skippedCount).toBe(229);
    expect(skipped).toEqual(Array.from({ length: 200 }, (_, at) => 230 - at));
  }, 60_000);

  it("warns of data that does not match the schema, which a rollback brings back all the same", async () => {
    const contextId = await on.contextOf([]);
    await write(contextId, { value: 1, owner: "x" });
    const schema = { type: "object", required: ["owner"] };
    await updateContext(fixture.runtime, fixture.admin, { contextId, schema });
    expect((await preview(contextId)).warnings).toMatchObject([{ code: "SCHEMA_MISMATCH" }]);
    expect(await on.rollBack(contextId)).toMatchObject({ rollbackState: "SUCCEEDED" });
  });

  it("shows the way out when the newest data was changed in the database", async () => {
    const contextId = await on.contextOf([]);
    await fixture.database.query(sql`
      update context_contents set body = '{"value":"forged"}', base_hash = null, depth = 0
      where context_id = ${contextId} and data_hash = (select data_hash from context_versions where context_id = ${contextId} and number = 3)`);
    expect(await preview(contextId)).toMatchObject({
      operations: [{ op: "replace", path: "", value: { value: 1 } }],
      warnings: [{ code: "NEWEST_UNREADABLE" }],
    });
    expect(await on.rollBack(contextId)).toMatchObject({ currentVersion: 4, rollbackState: "SUCCEEDED" });
  });

  it("refuses what the rollback would refuse, with the same error", async () => {
    const contextId = await on.contextOf([]);
    for (const version of [-1, 0, 3, 4, 1.5]) {
      const refused = await preview(contextId, version).catch((error: Error) => error);
      expect(refused).toBeInstanceOf(InvalidInput);
      const rolled = await on.rollBack(contextId, version).catch((error: Error) => error);
      expect(rolled).toEqual(refused);
    }
    await expect(preview(newId())).rejects.toThrow(NotFound);
    const reach = await addProject(fixture.database);
    const stranger = callerOf({ kind: "API_KEY", name: "stranger", permissions: new Set(PERMISSIONS), reach });
    await expect(previewRollback(fixture.runtime, stranger, { contextId, toVersion: 1 })).rejects.toThrow(NotFound);
    await fixture.database.query(
      sql`update context_versions set pruned_at = clock_timestamp() where context_id = ${contextId} and number = 1`,
    );
    await expect(preview(contextId)).rejects.toThrow(VersionPruned);
    await expect(on.rollBack(contextId)).rejects.toThrow(VersionPruned);
    expect(await on.stateOf(contextId)).toMatchObject({ currentVersion: 3, rollbackState: null });
  });
});
