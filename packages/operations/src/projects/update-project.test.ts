import { Conflict, Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture } from "../../test/fixtures.ts";
import { newId } from "../new-id.ts";
import { updateProject } from "./update-project.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const eventsOf = (projectId: string) =>
  fixture.database.query<{ payload: object; version: number }>(sql`
    select payload, subject_version as version from events where project_id = ${projectId} and type = 'project.updated' order by id`);

it("changes the name with an event, and nothing when it is that already", async () => {
  const { runtime, admin } = fixture;
  const { projectId } = await addProject(fixture.database);
  const rename = (name: string, expectedVersion?: number) =>
    updateProject(runtime, admin, { projectId, name, expectedVersion });
  const renamed = await rename("Renamed");
  expect(renamed).toMatchObject({ name: "Renamed", version: 2 });
  expect(renamed.path).toMatch(/^w.*\/p/);
  expect(await rename("Renamed")).toMatchObject({ version: 2 });
  expect(await rename("Again", 2)).toMatchObject({ version: 3 });
  await expect(rename("Stale", 2)).rejects.toThrow(Conflict);
  await expect(rename("Again", 2)).rejects.toThrow(Conflict);
  expect(await eventsOf(projectId)).toEqual([
    {
      payload: {
        changed: ["name"],
        name: "Renamed",
        version: 2,
        before: { name: "Project" },
        after: { name: "Renamed" },
      },
      version: 2,
    },
    {
      payload: { changed: ["name"], name: "Again", version: 3, before: { name: "Renamed" }, after: { name: "Again" } },
      version: 3,
    },
  ]);
});

it("says before what the one before said after, however many change it at once", async () => {
  const { projectId } = await addProject(fixture.database);
  const names = Array.from({ length: 10 }, (_, at) => `Name ${at}`);
  await Promise.all(names.map((name) => updateProject(fixture.runtime, fixture.admin, { projectId, name })));
  const payloads = (await eventsOf(projectId)).map(({ payload }) => payload as { before: object; after: object });
  expect(payloads).toHaveLength(10);
  expect(payloads.slice(1).map(({ before }) => before)).toEqual(payloads.slice(0, -1).map(({ after }) => after));
});

it("lets one of many who expect the same version have its way", async () => {
  const { projectId } = await addProject(fixture.database);
  const names = Array.from({ length: 8 }, (_, at) => `Name ${at}`);
  const results = await Promise.allSettled(
    names.map((name) => updateProject(fixture.runtime, fixture.admin, { projectId, name, expectedVersion: 1 })),
  );
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const result of results) if (result.status === "rejected") expect(result.reason).toBeInstanceOf(Conflict);
  expect(await eventsOf(projectId)).toHaveLength(1);
});

it("refuses what cannot be, what is not there or elsewhere, and who may not", async () => {
  const { runtime, admin } = fixture;
  const { projectId, workspaceId } = await addProject(fixture.database);
  const { permissions } = admin.actor;
  const reaching = (reach: { workspaceId: string; projectId: string | null }) =>
    callerOf({ kind: "API_KEY", name: "limited", permissions, reach });
  await expect(updateProject(runtime, admin, { projectId, name: "" })).rejects.toThrow(InvalidInput);
  await expect(updateProject(runtime, admin, { projectId, name: "x".repeat(201) })).rejects.toThrow(InvalidInput);
  await expect(updateProject(runtime, admin, { projectId: newId(), name: "x" })).rejects.toThrow(NotFound);
  const elsewhere = reaching({ workspaceId: fixture.workspaceId, projectId: null });
  await expect(updateProject(runtime, elsewhere, { projectId, name: "x" })).rejects.toThrow(NotFound);
  const nobody = callerOf({ kind: "API_KEY", name: "nobody", permissions: new Set() });
  await expect(updateProject(runtime, nobody, { projectId, name: "x" })).rejects.toThrow(Forbidden);
  const own = reaching({ workspaceId, projectId });
  expect(await updateProject(runtime, own, { projectId, name: "x" })).toMatchObject({ name: "x" });
});
