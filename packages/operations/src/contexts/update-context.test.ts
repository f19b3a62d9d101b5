import { Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, addProject, callerOf, createFixture, type Fixture } from "../../test/fixtures.ts";
import { newId } from "../new-id.ts";
import { openContext } from "./open-context.ts";
import { rollBackContext } from "./rollbacks/roll-back-context.ts";
import { updateContext, type UpdateContextInput } from "./update-context.ts";
import { writeContext } from "./versions/write-context.ts";
import type { WriteContextInput } from "./versions/write-request.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

async function contextOf(...versions: Json[]): Promise<string> {
  const { runtime, admin, projectId } = fixture;
  const { id } = await openContext(runtime, admin, { projectId, name: newId() });
  for (const data of versions) await write(id, { data });
  return id;
}
const write = (contextId: string, input: Omit<WriteContextInput, "contextId">) =>
  writeContext(fixture.runtime, fixture.admin, { contextId, ...input });
const update = (contextId: string, input: Omit<UpdateContextInput, "contextId">) =>
  updateContext(fixture.runtime, fixture.admin, { contextId, ...input });

const schema = {
  type: "object",
  required: ["owner"],
  properties: { owner: { type: "string" }, steps: { type: "array", items: { type: "integer" } } },
};

it("changes what is given and leaves the rest, each change with an event, and none for what is so already", async () => {
  const contextId = await contextOf({ owner: "a" });
  expect(await update(contextId, { schema })).toMatchObject({ schema, keepVersions: null });
  expect(await update(contextId, { keepVersions: 10 })).toMatchObject({ schema, keepVersions: 10 });
  expect(await update(contextId, { schema, keepVersions: 10 })).toMatchObject({ schema, keepVersions: 10 });
  expect(await update(contextId, {})).toMatchObject({ schema, keepVersions: 10 });
  expect(await update(contextId, { schema: null, keepVersions: null })).toMatchObject({
    schema: null,
    keepVersions: null,
  });
  const events = await fixture.database.query(sql`
    select payload, subject_version from events where context_id = ${contextId} and type = 'context.updated' order by id`);
  const schemaHash = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
  expect(events).toMatchObject([
    { payload: { changed: ["schema"], schemaHash, keepVersions: null, shared: true }, subject_version: 1 },
    { payload: { changed: ["keepVersions"], schemaHash, keepVersions: 10, shared: true }, subject_version: 1 },
    {
      payload: { changed: ["schema", "keepVersions"], schemaHash: null, keepVersions: null, shared: true },
      subject_version: 1,
    },
  ]);
});

it("refuses what cannot be, and who may not", async () => {
  const { runtime, database } = fixture;
  const contextId = await contextOf();
  for (const keepVersions of [0, -1, 1.5, 1_000_001]) {
    await expect(update(contextId, { keepVersions })).rejects.toThrow(InvalidInput);
  }
  const schemas = [
    { type: "text" },
    { $schema: "http://json-schema.org/draft-04/schema#" },
    { pattern: "(" },
    { title: "x".repeat(70_000) },
    JSON.parse('{"properties": {"__proto__": {"type": "string"}}}') as { [key: string]: Json },
    "text" as never,
    [] as never,
  ];
  for (const given of schemas) {
    const refusal: unknown = await update(contextId, { schema: given }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(InvalidInput);
    expect((refusal as InvalidInput).issues[0]?.path[0]).toBe("schema");
  }
  await expect(update(newId(), { keepVersions: 1 })).rejects.toThrow(NotFound);
  const { projectId, workspaceId } = await addProject(database);
  const permissions = new Set(PERMISSIONS);
  const elsewhere = callerOf({ kind: "API_KEY", name: "elsewhere", permissions, reach: { workspaceId, projectId } });
  await expect(updateContext(runtime, elsewhere, { contextId, keepVersions: 1 })).rejects.toThrow(NotFound);
  const agent = await addAgent(fixture, newId());
  await expect(updateContext(runtime, agent.caller, { contextId, keepVersions: 1 })).rejects.toThrow(Forbidden);
});

describe("a schema", () => {
  it("is not set while the newest data does not match it", async () => {
    const contextId = await contextOf({ owner: "a" }, { steps: [1, "x"] });
    await expect(update(contextId, { schema })).rejects.toMatchObject({
      issues: [{ path: ["schema"] }, { path: ["data"] }, { path: ["data", "steps", "1"] }],
    });
    await write(contextId, { data: { owner: "a" } });
    await update(contextId, { schema });
    expect(await update(await contextOf(), { schema })).toMatchObject({ schema });
  });

  it("refuses data that does not match, however it is written, with the paths", async () => {
    const contextId = await contextOf({ owner: "a", steps: [1] });
    await update(contextId, { schema });
    const refused = (input: Omit<WriteContextInput, "contextId">, ...paths: string[][]) =>
      expect(write(contextId, input)).rejects.toMatchObject({ issues: paths.map((path) => ({ path })) });
    await refused({ data: { steps: ["x", 1, null] } }, ["data"], ["data", "steps", "0"], ["data", "steps", "2"]);
    await refused({ patch: [{ op: "add", path: "/steps/-", value: "x" }] }, ["data", "steps", "1"]);
    await refused({ mergePatch: { owner: null } }, ["data"]);
    await refused({ data: "text" }, ["data"]);
    expect((await write(contextId, { patch: [{ op: "add", path: "/steps/-", value: 2 }] })).number).toBe(2);
    await update(contextId, { schema: null });
    expect((await write(contextId, { data: "text" })).number).toBe(3);
  });

  it("does not keep a rollback from going back to older data", async () => {
    const contextId = await contextOf("text", { owner: "a" });
    await update(contextId, { schema });
    await rollBackContext(fixture.runtime, fixture.admin, { contextId, toVersion: 1, reason: "it was better" });
    await expect(write(contextId, { data: "other" })).rejects.toThrow(InvalidInput);
    expect((await write(contextId, { data: { owner: "b" } })).number).toBe(4);
  });

  it.each([
    ["refused", "text"],
    ["written", { owner: "a" }],
  ])("is obeyed by a writer that has looked before it was set: %s", async (outcome, data) => {
    const { database, runtime, admin } = fixture;
    const contextId = await contextOf();
    let set = false;
    const run: typeof database.run = async (sent, values) => {
      if (!set && sent.text.includes("insert into context_versions")) {
        set = true;
        await update(contextId, { schema });
      }
      return database.run(sent, values);
    };
    const result = writeContext({ ...runtime, database: { ...database, run } }, admin, { contextId, data });
    expect(
      await result.then(
        () => "written",
        (error: unknown) => (error instanceof InvalidInput ? "refused" : String(error)),
      ),
    ).toBe(outcome);
    expect(set).toBe(true);
  });
});
