import { Forbidden, InvalidInput } from "@muster/domain/errors.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { rollbacksOn, type TestAgent } from "../../test/rollbacks.ts";
import { listReadings } from "./context-readings.ts";
import { getVersionData } from "./versions/version-queries.ts";

let fixture: Fixture;
let on: ReturnType<typeof rollbacksOn>;
let reader: TestAgent;
let other: TestAgent;
/** The reader's own, one that both share, one that nobody has read. */
let own: string;
let shared: string;

beforeAll(async () => {
  fixture = await createFixture();
  on = rollbacksOn(fixture);
  [reader, other] = [await on.agent(), await on.agent()];
  own = await on.contextOf([reader], reader.id);
  shared = await on.contextOf([other]);
  await on.contextOf([], reader.id);
  await getVersionData(fixture.runtime, reader.caller, [{ contextId: shared, number: 2 }]);
});
afterAll(() => fixture.close());

const read = async (agentId: string, more: { shared?: boolean; page?: object } = {}, caller = fixture.admin) => {
  const found = await only(listReadings(fixture.runtime, caller, [agentId], { page: {}, ...more }));
  return found.edges.map(({ node }) => node);
};

it("finds what an agent has read, its own and shared ones, with the newest version that it has loaded", async () => {
  expect(await read(reader.id)).toMatchObject([
    { agentId: reader.id, contextId: own, version: 3, at: expect.any(Date) as Date, answer: null },
    { agentId: reader.id, contextId: shared, version: 2, answer: null, rollbackVersion: null },
  ]);
  expect(await read(reader.id, { shared: true })).toMatchObject([{ contextId: shared }]);
  expect(await read(reader.id, { shared: false })).toMatchObject([{ contextId: own }]);
});

it("reads those of many agents at once, page by page", async () => {
  const both = await listReadings(fixture.runtime, fixture.admin, [reader.id, other.id], { page: { first: 1 } });
  const [first, second] = [both.get(reader.id), both.get(other.id)];
  expect(first).toMatchObject({ edges: [{ node: { contextId: own } }], hasNextPage: true });
  expect(second).toMatchObject({ edges: [{ node: { contextId: shared, version: 3 } }], hasNextPage: false });
  expect(await first?.count()).toEqual({ count: 2, capped: false });
  const after = first?.edges[0]?.cursor ?? null;
  expect(await read(reader.id, { page: { after } })).toMatchObject([{ contextId: shared }]);
});

it("has each agent's own answer to the last rollback", async () => {
  await on.rollBack(shared);
  await on.acknowledge(shared, reader, 4);
  await on.acknowledge(shared, other, 4, false, "out of memory");
  expect(await read(reader.id, { shared: true })).toMatchObject([
    { version: 4, answer: "SUCCEEDED", answerError: null, answeredAt: expect.any(Date) as Date, rollbackVersion: 4 },
  ]);
  expect(await read(other.id)).toMatchObject([{ version: 3, answer: "FAILED", answerError: "out of memory" }]);
});

it("shows an agent its own readings, and of others those of shared contexts", async () => {
  expect(await read(reader.id, {}, reader.caller)).toHaveLength(2);
  expect(await read(reader.id, {}, other.caller)).toMatchObject([{ contextId: shared }]);
});

it("has nothing for another tenant, asks for the permission, and refuses bad pages", async () => {
  const stranger = callerOf({ ...fixture.admin.actor, reach: await addProject(fixture.database) });
  expect(await read(reader.id, {}, stranger)).toEqual([]);
  const permissions = new Set(PERMISSIONS.filter((one) => one !== "context.read"));
  const limited = callerOf({ ...fixture.admin.actor, permissions });
  await expect(read(reader.id, {}, limited)).rejects.toThrow(Forbidden);
  await expect(read(reader.id, { page: { first: 0 } })).rejects.toThrow(InvalidInput);
});
