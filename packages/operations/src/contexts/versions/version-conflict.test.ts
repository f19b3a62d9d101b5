import { Conflict } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addAgent, addProject, callerOf, createFixture, type Fixture } from "../../../test/fixtures.ts";
import { newId } from "../../new-id.ts";
import { openContext } from "../open-context.ts";
import { getReaders } from "../reader-queries.ts";
import { rollBackContext } from "../rollbacks/roll-back-context.ts";
import { diffOfConflict } from "./version-conflict.ts";
import { writeContext } from "./write-context.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

async function contextOf(...versions: Json[]): Promise<string> {
  const { runtime, admin, projectId } = fixture;
  const { id } = await openContext(runtime, admin, { projectId, name: newId() });
  for (const data of versions) await writeContext(runtime, admin, { contextId: id, data });
  return id;
}

async function conflictOf(attempt: Promise<unknown>): Promise<Conflict> {
  const error: unknown = await attempt.catch((reason: unknown) => reason);
  if (!(error instanceof Conflict)) throw new Error("Expected a conflict.", { cause: error });
  return error;
}

const conflictAt = (contextId: string, expectedVersion: number) =>
  conflictOf(writeContext(fixture.runtime, fixture.admin, { contextId, data: {}, expectedVersion }));
const diffOf = (conflict: Conflict, caller = fixture.admin) => diffOfConflict(fixture.runtime, caller, conflict);

it("says what has changed since the expected version, of a write, a merge and a rollback", async () => {
  const { runtime, admin } = fixture;
  const contextId = await contextOf({ a: 1 }, { a: 1, b: 1 }, { a: 2, b: 1 });
  const since = [
    { op: "replace", path: "/a", value: 2 },
    { op: "add", path: "/b", value: 1 },
  ];
  const conflicts = [
    await conflictAt(contextId, 1),
    await conflictOf(writeContext(runtime, admin, { contextId, data: { a: 3 }, baseVersion: 1, merge: true })),
    await conflictOf(rollBackContext(runtime, admin, { contextId, toVersion: 1, reason: "?", expectedVersion: 1 })),
  ];
  for (const conflict of conflicts) {
    expect(conflict).toMatchObject({ expected: "1", actual: "3", context: { currentVersion: 3 } });
    expect(await diffOf(conflict)).toEqual(since);
  }
  expect(conflicts.map((conflict) => conflict.context?.paths)).toEqual([null, ["/a"], null]);
  expect(await diffOf(await conflictAt(contextId, 0))).toEqual([
    { op: "add", path: "/a", value: 2 },
    { op: "add", path: "/b", value: 1 },
  ]);
});

it("says nothing where that cannot be had", async () => {
  const { database } = fixture;
  expect(await diffOf(new Conflict("state", "ONLINE", "ERROR"))).toBeNull();
  const contextId = await contextOf({ a: 1 }, { a: "x".repeat(65_000) }, { a: "x".repeat(66_000) });
  expect(await diffOf(await conflictAt(contextId, 1))).toBeNull();
  const small = await contextOf({ a: 1 }, { a: 2 });
  const conflict = await conflictAt(small, 1);
  expect(await diffOf(conflict)).toHaveLength(1);
  expect(await diffOf(await conflictAt(small, 9))).toBeNull();
  await database.query(sql`update context_versions set pruned_at = now() where context_id = ${small} and number = 1`);
  expect(await diffOf(conflict)).toBeNull();
  await database.query(sql`
    update context_versions set pruned_at = null, message = 'forged' where context_id = ${small} and number = 1`);
  expect(await diffOf(conflict)).toBeNull();
});

it("tells it to those alone who may read, and takes nothing for loaded", async () => {
  const { runtime, admin, database, projectId, workspaceId } = fixture;
  const contextId = await contextOf({ a: 1 }, { a: 2 });
  const agent = await addAgent(fixture, newId());
  const conflict = await conflictOf(writeContext(runtime, agent.caller, { contextId, data: {}, expectedVersion: 1 }));
  expect(await diffOf(conflict, agent.caller)).toHaveLength(1);
  expect(await getReaders(runtime, admin, [contextId])).toEqual([]);
  const writing = callerOf({
    kind: "API_KEY",
    name: "writer",
    permissions: new Set(PERMISSIONS.filter((permission) => permission !== "context.read")),
    reach: { workspaceId, projectId },
  });
  expect(await diffOf(conflict, writing)).toBeNull();
  const elsewhere = callerOf({
    kind: "API_KEY",
    name: "elsewhere",
    permissions: new Set(PERMISSIONS),
    reach: await addProject(database),
  });
  expect(await diffOf(conflict, elsewhere)).toBeNull();
});
