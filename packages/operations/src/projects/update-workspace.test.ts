import { Conflict, Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture } from "../../test/fixtures.ts";
import { newId } from "../new-id.ts";
import { getWorkspaces } from "./project-queries.ts";
import { updateWorkspace } from "./update-workspace.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({ eventRetentionDays: 90 });
});
afterAll(() => fixture.close());

const LIMITS = {
  maxRunningTasks: null,
  keepContextVersions: null,
  maxAgents: null,
  maxRunningAgents: null,
  maxTasksPerMinute: null,
  maxContexts: null,
  maxStorageBytes: null,
};

async function eventsOf(workspaceId: string) {
  return fixture.database.query<{ payload: object; version: number; actor: string }>(sql`
    select payload, subject_version as version, actor_name as actor from events
    where workspace_id = ${workspaceId} and type = 'workspace.updated' order by id`);
}

it("changes what is given and leaves the rest, each change with an event, and none for what is so already", async () => {
  const { runtime, admin } = fixture;
  const { workspaceId } = await addProject(fixture.database);
  const update = (change: object) => updateWorkspace(runtime, admin, { workspaceId, ...change });
  expect(await update({ eventRetentionDays: 30 })).toMatchObject({
    name: "Workspace",
    eventRetentionDays: 30,
    version: 2,
  });
  expect(await update({ name: "Renamed" })).toMatchObject({ name: "Renamed", eventRetentionDays: 30, version: 3 });
  expect(await update({ name: "Renamed", eventRetentionDays: 30 })).toMatchObject({ version: 3 });
  expect(await update({ name: null })).toMatchObject({ name: "Renamed", version: 3 });
  expect(await update({ eventRetentionDays: null })).toMatchObject({ eventRetentionDays: null, version: 4 });
  expect(await eventsOf(workspaceId)).toEqual([
    {
      payload: {
        changed: ["eventRetentionDays"],
        name: "Workspace",
        eventRetentionDays: 30,
        ...LIMITS,
        before: { eventRetentionDays: null },
        after: { eventRetentionDays: 30 },
        version: 2,
      },
      version: 2,
      actor: "admin",
    },
    {
      payload: {
        changed: ["name"],
        name: "Renamed",
        eventRetentionDays: 30,
        ...LIMITS,
        before: { name: "Workspace" },
        after: { name: "Renamed" },
        version: 3,
      },
      version: 3,
      actor: "admin",
    },
    {
      payload: {
        changed: ["eventRetentionDays"],
        name: "Renamed",
        eventRetentionDays: null,
        ...LIMITS,
        before: { eventRetentionDays: 30 },
        after: { eventRetentionDays: null },
        version: 4,
      },
      version: 4,
      actor: "admin",
    },
  ]);
});

it("compares and sets: of many who expect the same version one succeeds, and nothing is lost without", async () => {
  const { runtime, admin } = fixture;
  const { workspaceId } = await addProject(fixture.database);
  const racing = (expectedVersion?: number) =>
    Promise.allSettled(
      Array.from({ length: 8 }, (_, at) =>
        updateWorkspace(runtime, admin, { workspaceId, eventRetentionDays: at + 1, expectedVersion }),
      ),
    );
  const first = await racing(1);
  expect(first.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const result of first) if (result.status === "rejected") expect(result.reason).toBeInstanceOf(Conflict);
  const before = (await eventsOf(workspaceId)).length;
  const second = await racing();
  expect(second.every(({ status }) => status === "fulfilled")).toBe(true);
  const [present] = await getWorkspaces(runtime, admin, [workspaceId]);
  const events = await eventsOf(workspaceId);
  expect(present?.version).toBe(1 + events.length);
  expect(events.length - before).toBeGreaterThanOrEqual(7);
  expect(events.at(-1)?.payload).toMatchObject({ eventRetentionDays: present?.eventRetentionDays });
});

it("refuses what cannot be, what the installation does not keep, and who may not", async () => {
  const { runtime, admin } = fixture;
  const { workspaceId, projectId } = await addProject(fixture.database);
  for (const eventRetentionDays of [0, -1, 1.5, 91, 40_000, Number.NaN])
    await expect(updateWorkspace(runtime, admin, { workspaceId, eventRetentionDays })).rejects.toThrow(InvalidInput);
  await expect(updateWorkspace(runtime, admin, { workspaceId, eventRetentionDays: 91 })).rejects.toThrow(/at most 90/);
  await expect(updateWorkspace(runtime, admin, { workspaceId, name: "" })).rejects.toThrow(InvalidInput);
  await expect(updateWorkspace(runtime, admin, { workspaceId: newId(), name: "x" })).rejects.toThrow(NotFound);
  await expect(updateWorkspace(runtime, admin, { workspaceId, name: "x", expectedVersion: 9 })).rejects.toThrow(
    Conflict,
  );
  const permissions = new Set(PERMISSIONS);
  const reaching = (reach: { workspaceId: string; projectId: string | null }) =>
    callerOf({ kind: "API_KEY", name: "limited", permissions, reach });
  const elsewhere = reaching({ workspaceId: fixture.workspaceId, projectId: null });
  await expect(updateWorkspace(runtime, elsewhere, { workspaceId, name: "x" })).rejects.toThrow(NotFound);
  const ofProject = reaching({ workspaceId, projectId });
  await expect(updateWorkspace(runtime, ofProject, { workspaceId, name: "x" })).rejects.toThrow(Forbidden);
  const nobody = callerOf({ kind: "API_KEY", name: "nobody", permissions: new Set() });
  await expect(updateWorkspace(runtime, nobody, { workspaceId, name: "x" })).rejects.toThrow(Forbidden);
  const own = reaching({ workspaceId, projectId: null });
  expect(await updateWorkspace(runtime, own, { workspaceId, eventRetentionDays: 90 })).toMatchObject({
    eventRetentionDays: 90,
  });
});

it("says from when on the workspace's events are there, whoever has removed what was before", async () => {
  const { runtime, admin, database } = fixture;
  const { workspaceId } = await addProject(database);
  const since = async () => (await getWorkspaces(runtime, admin, [workspaceId]))[0]?.eventsRetainedSince?.toISOString();
  expect(await since()).toBeUndefined();
  await database.query(sql`update workspaces set events_retained_since = '2026-02-01' where id = ${workspaceId}`);
  expect(await since()).toMatch(/^2026-02-01/);
  await database.query(sql`update installation set events_retained_since = '2026-03-01'`);
  expect(await since()).toMatch(/^2026-03-01/);
});

it("limits how many tasks agents may hold at once, and lifts the limit", async () => {
  const { runtime, admin } = fixture;
  const { workspaceId } = await addProject(fixture.database);
  const update = (change: object) => updateWorkspace(runtime, admin, { workspaceId, ...change });
  expect(await update({ maxRunningTasks: 5 })).toMatchObject({ maxRunningTasks: 5, version: 2 });
  expect(await update({ name: "Renamed" })).toMatchObject({ maxRunningTasks: 5, version: 3 });
  expect(await update({ maxRunningTasks: 5 })).toMatchObject({ version: 3 });
  await expect(update({ maxRunningTasks: 0 })).rejects.toThrow(InvalidInput);
  await expect(update({ maxRunningTasks: 7, expectedVersion: 2 })).rejects.toThrow(Conflict);
  expect(await update({ maxRunningTasks: null })).toMatchObject({ maxRunningTasks: null, version: 4 });
  expect((await eventsOf(workspaceId)).map(({ payload }) => payload)).toMatchObject([
    { changed: ["maxRunningTasks"], maxRunningTasks: 5 },
    { changed: ["name"] },
    { changed: ["maxRunningTasks"], maxRunningTasks: null },
  ]);
});

it.each(["maxAgents", "maxRunningAgents", "maxTasksPerMinute", "maxContexts", "maxStorageBytes"] as const)(
  "sets and lifts the quota %s, and refuses what is none",
  async (quota) => {
    const { runtime, admin } = fixture;
    const { workspaceId } = await addProject(fixture.database);
    const update = (most: number | null) => updateWorkspace(runtime, admin, { workspaceId, [quota]: most });
    expect(await update(7)).toMatchObject({ ...LIMITS, [quota]: 7, version: 2 });
    expect(await updateWorkspace(runtime, admin, { workspaceId, name: "Other" })).toMatchObject({ [quota]: 7 });
    for (const most of [0, -1, 1.5]) await expect(update(most)).rejects.toThrow(InvalidInput);
    expect(await update(null)).toMatchObject({ ...LIMITS, version: 4 });
    expect((await eventsOf(workspaceId))[0]?.payload).toMatchObject({ changed: [quota], [quota]: 7 });
  },
);

it("limits how many versions of its contexts keep their data, and lifts the limit", async () => {
  const { runtime, admin } = fixture;
  const { workspaceId } = await addProject(fixture.database);
  const update = (change: object) => updateWorkspace(runtime, admin, { workspaceId, ...change });
  expect(await update({ keepContextVersions: 100 })).toMatchObject({ keepContextVersions: 100, version: 2 });
  expect(await update({ name: "Renamed" })).toMatchObject({ keepContextVersions: 100, version: 3 });
  expect(await update({ keepContextVersions: 100 })).toMatchObject({ version: 3 });
  for (const keepContextVersions of [0, -1, 1.5, 1_000_001])
    await expect(update({ keepContextVersions })).rejects.toThrow(InvalidInput);
  expect(await update({ keepContextVersions: null })).toMatchObject({ keepContextVersions: null, version: 4 });
  expect((await eventsOf(workspaceId)).map(({ payload }) => payload)).toMatchObject([
    { changed: ["keepContextVersions"], keepContextVersions: 100 },
    { changed: ["name"] },
    { changed: ["keepContextVersions"], keepContextVersions: null },
  ]);
});
