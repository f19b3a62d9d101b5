import { Conflict, Forbidden, InvalidInput, LimitExceeded, NotFound } from "@muster/domain/errors.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture } from "../../test/fixtures.ts";
import { createSavedView, type CreateSavedViewInput, MOST_VIEWS } from "./create-saved-view.ts";
import { deleteSavedView } from "./delete-saved-view.ts";
import { getSavedViews, listSavedViews } from "./saved-view-queries.ts";
import { updateSavedView } from "./update-saved-view.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const create = (input: Partial<CreateSavedViewInput>, caller = fixture.admin) =>
  createSavedView(fixture.runtime, caller, {
    projectId: fixture.projectId,
    screen: "FLEET",
    name: "a view",
    query: "state=ERROR",
    ...input,
  });
const update = (input: Parameters<typeof updateSavedView>[2], caller = fixture.admin) =>
  updateSavedView(fixture.runtime, caller, input);
const remove = (viewId: string, caller = fixture.admin) => deleteSavedView(fixture.runtime, caller, { viewId });
const names = async (projectId: string, caller = fixture.admin) =>
  (await listSavedViews(fixture.runtime, caller, [projectId], "FLEET")).get(projectId)?.map(({ name }) => name);
const events = (id: string) =>
  fixture.database.query<{ type: string; version: number; actor: string; payload: object }>(sql`
    select type, subject_version as version, actor_name as actor, payload from events where subject_id = ${id} order by id`);

it("keeps a view, changes it and removes it, and says so in the log", async () => {
  const view = await create({ name: "in error" });
  expect(view).toMatchObject({
    screen: "FLEET",
    name: "in error",
    query: "state=ERROR",
    version: 1,
    creatorName: "admin",
  });
  expect(await update({ viewId: view.id, name: "broken" })).toMatchObject({
    name: "broken",
    query: "state=ERROR",
    version: 2,
  });
  expect(await update({ viewId: view.id, query: "", expectedVersion: 2 })).toMatchObject({ query: "", version: 3 });
  expect(await update({ viewId: view.id, name: "broken", query: "" })).toMatchObject({ version: 3 });
  expect(await remove(view.id)).toMatchObject({ name: "broken", version: 3 });
  expect(await getSavedViews(fixture.runtime, fixture.admin, [view.id])).toEqual([]);
  const payload = { screen: "FLEET", name: "broken", query: "" };
  expect(await events(view.id)).toEqual([
    {
      type: "saved_view.created",
      version: 1,
      actor: "admin",
      payload: { ...payload, name: "in error", query: "state=ERROR" },
    },
    {
      type: "saved_view.updated",
      version: 2,
      actor: "admin",
      payload: {
        ...payload,
        query: "state=ERROR",
        changed: ["name"],
        before: { name: "in error" },
        after: { name: "broken" },
      },
    },
    {
      type: "saved_view.updated",
      version: 3,
      actor: "admin",
      payload: { ...payload, changed: ["query"], before: { query: "state=ERROR" }, after: { query: "" } },
    },
    { type: "saved_view.deleted", version: 4, actor: "admin", payload },
  ]);
});

it("lists the views of a screen by name", async () => {
  const { projectId } = await addProject(fixture.database);
  for (const name of ["b", "C", "a"]) await create({ projectId, name });
  await create({ projectId, name: "of tasks", screen: "TASKS" });
  expect(await names(projectId)).toEqual(["a", "b", "C"]);
});

describe("a name", () => {
  it("is one view's of a project's screen", async () => {
    const { projectId } = await addProject(fixture.database);
    const { id } = await create({ projectId, name: "mine" });
    await expect(create({ projectId, name: "mine" })).rejects.toThrow(Conflict);
    await create({ projectId, name: "mine", screen: "TASKS" });
    const other = await create({ projectId, name: "yours" });
    await expect(update({ viewId: other.id, name: "mine" })).rejects.toThrow(Conflict);
    await remove(id);
    expect(await update({ viewId: other.id, name: "mine" })).toMatchObject({ name: "mine" });
  });

  it("goes to one of those who take it at the same time", async () => {
    const { projectId } = await addProject(fixture.database);
    const made = await Promise.allSettled(Array.from({ length: 5 }, () => create({ projectId })));
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await names(projectId)).toEqual(["a view"]);
  });
});

it("lets a screen have 100, also when they come at once", async () => {
  const { projectId } = await addProject(fixture.database);
  for (let number = 0; number < MOST_VIEWS - 1; number += 1) await create({ projectId, name: `view ${number}` });
  const last = await Promise.allSettled(["x", "y", "z"].map((name) => create({ projectId, name })));
  expect(last.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await expect(create({ projectId, name: "one more" })).rejects.toThrow(LimitExceeded);
  expect(await names(projectId)).toHaveLength(MOST_VIEWS);
  await create({ projectId, name: "one more", screen: "ACTIVITY" });
});

it("is changed only at the version that was expected", async () => {
  const { id } = await create({ name: "versioned" });
  await expect(update({ viewId: id, query: "x=1", expectedVersion: 2 })).rejects.toMatchObject({
    expected: "2",
    actual: "1",
  });
  await expect(update({ viewId: id, query: "x=1", expectedVersion: 2 })).rejects.toThrow(Conflict);
});

it("answers what is another tenant's like what is missing", async () => {
  const place = await addProject(fixture.database);
  const { id } = await create({ ...place, name: "foreign" });
  const reach = { workspaceId: fixture.workspaceId, projectId: null };
  const stranger = callerOf({ kind: "USER", name: "u", reach, permissions: new Set(PERMISSIONS) });
  await expect(create({ projectId: place.projectId }, stranger)).rejects.toThrow(NotFound);
  await expect(update({ viewId: id, name: "x" }, stranger)).rejects.toThrow(NotFound);
  await expect(remove(id, stranger)).rejects.toThrow(NotFound);
  expect(await names(place.projectId, stranger)).toEqual([]);
  expect(await names(place.projectId)).toEqual(["foreign"]);
});

it("needs the permission to manage views, and none but to see the workspace to read them", async () => {
  const { id } = await create({ name: "guarded" });
  const reader = callerOf({ kind: "USER", name: "r", permissions: new Set(["workspace.read"]) });
  await expect(create({}, reader)).rejects.toThrow(new Forbidden("view.manage"));
  await expect(update({ viewId: id, name: "x" }, reader)).rejects.toThrow(new Forbidden("view.manage"));
  await expect(remove(id, reader)).rejects.toThrow(new Forbidden("view.manage"));
  expect(await names(fixture.projectId, reader)).toContain("guarded");
  const blind = callerOf({ kind: "USER", name: "b", permissions: new Set(["agent.read"]) });
  await expect(names(fixture.projectId, blind)).rejects.toThrow(Forbidden);
});

it.each([
  ["an empty name", { name: "" }],
  ["a blank name", { name: "  " }],
  ["a long name", { name: "x".repeat(101) }],
  ["a long query", { query: "x".repeat(4_001) }],
  ["a question mark", { query: "?state=ERROR" }],
  ["another screen", { screen: "SETTINGS" as never }],
])("refuses %s", async (_name, input) => {
  await expect(create(input)).rejects.toThrow(InvalidInput);
});
