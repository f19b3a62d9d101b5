import type { Caller } from "@muster/domain/actor.ts";
import { AGENT_STATES } from "@muster/domain/agent-lifecycle.ts";
import { Forbidden, InvalidInput } from "@muster/domain/errors.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addHistory, type AgentHistory, anyMove, BEGIN, DAY, stepAt } from "../../test/agent-history.ts";
import { addAgent, addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import type { Runtime } from "../runtime.ts";
import { countFleetAt, findMoment, type FleetSnapshotFilter, knowsFleetAt, listFleetAt } from "./fleet-at.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

async function fleetAt(runtime: Runtime, caller: Caller, projectId: string, at: Date) {
  const moment = await findMoment(runtime, caller, at);
  return {
    ...moment,
    agents: (page: PageArguments, filter?: FleetSnapshotFilter) =>
      only(listFleetAt(runtime, caller, moment, [projectId], page, filter)),
    counts: (filter?: FleetSnapshotFilter) => only(countFleetAt(runtime, caller, moment, [projectId], filter)),
    complete: () => only(knowsFleetAt(runtime, caller, moment, [projectId])),
  };
}

it("gives each agent the state that it had, by its history", async () => {
  const place = await addProject(fixture.database);
  const histories: AgentHistory[] = [];
  // One agent after the other: so few events that the search by time leaves none out, whatever their order.
  for (const [index, moves] of fc.sample(fc.array(anyMove, { maxLength: 4 }), 12).entries()) {
    histories.push(await addHistory(fixture, `agent-${String(index).padStart(2, "0")}`, moves, place));
  }
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 14 * DAY }), async (offset) => {
      const at = new Date(BEGIN + offset);
      const fleet = await fleetAt(fixture.runtime, fixture.admin, place.projectId, at);
      const { edges } = await fleet.agents({ first: 200 });
      const expected = histories.map((of) => {
        const last = stepAt(of, at.getTime());
        return { name: of.name, state: last?.state, since: last?.at };
      });
      expect(
        edges.map(({ node }) => ({ name: node.agent.name, state: node.state, since: node.since.getTime() })),
      ).toEqual(expected);
      const counts = (await fleet.counts()).filter(({ count }) => count > 0);
      expect(Object.fromEntries(counts.map(({ state, count }) => [state, count]))).toEqual(
        Object.fromEntries(
          AGENT_STATES.flatMap((state) => {
            const count = expected.filter((row) => row.state === state).length;
            return count > 0 ? [[state, count]] : [];
          }),
        ),
      );
      expect(await fleet.complete()).toBe(true);
      const states = [AGENT_STATES[offset % AGENT_STATES.length] ?? "ERROR", "BUSY" as const];
      const among = await fleet.agents({ first: 200 }, { states });
      const namesOfThese = expected.filter((row) => states.some((state) => state === row.state)).map((row) => row.name);
      expect(among.edges.map(({ node }) => node.agent.name)).toEqual(namesOfThese);
      expect(await among.count()).toEqual({ count: namesOfThese.length, capped: false });
    }),
    { numRuns: 40 },
  );
});

it("pages by name, counts only what there was, and takes a time to come for the present", async () => {
  const place = await addProject(fixture.database);
  for (const name of ["a", "b", "c"]) await addHistory(fixture, name, [{ afterMs: DAY, to: "ONLINE" }], place);
  await addAgent(fixture, "new", "ONLINE", place);
  const then = await fleetAt(fixture.runtime, fixture.admin, place.projectId, new Date(BEGIN + 1));
  const first = await then.agents({ first: 2 });
  const second = await then.agents({ first: 2, after: first.edges[1]?.cursor ?? null });
  expect([...first.edges, ...second.edges].map(({ node }) => node.agent.name)).toEqual(["a", "b", "c"]);
  expect(await first.count()).toEqual({ count: 3, capped: false });
  const future = await fleetAt(fixture.runtime, fixture.admin, place.projectId, new Date("2999-01-01"));
  expect(future.at.getTime()).toBeLessThan(Date.now() + DAY);
  expect((await future.agents({ first: 10 })).edges).toHaveLength(4);
});

it("finds agents by what they were then and what they are now", async () => {
  const place = await addProject(fixture.database);
  const moves = [
    { afterMs: DAY, to: "ERROR" as const },
    { afterMs: DAY, to: "ONLINE" as const },
  ];
  for (const name of ["core-1", "core-2", "web-1"]) await addHistory(fixture, name, moves, place);
  const { database, definitionId } = fixture;
  await database.query(
    sql`update agents set labels = '{"team": "core"}' where project_id = ${place.projectId} and name like 'core%'`,
  );
  const then = await fleetAt(fixture.runtime, fixture.admin, place.projectId, new Date(BEGIN + 1.5 * DAY));
  const names = async (filter: FleetSnapshotFilter) =>
    (await then.agents({ first: 10 }, filter)).edges.map(({ node }) => node.agent.name);
  expect(await names({ states: ["ERROR"] })).toEqual(["core-1", "core-2", "web-1"]);
  expect(await names({ states: ["ONLINE"] })).toEqual([]);
  expect(await names({ states: [] })).toEqual([]);
  expect(await names({ states: ["ERROR"], search: "-1" })).toEqual(["core-1", "web-1"]);
  expect(await names({ labels: { team: "core" }, definitionId })).toEqual(["core-1", "core-2"]);
  expect(await names({ definitionId: place.projectId })).toEqual([]);
  expect((await then.counts({ search: "core" })).find(({ state }) => state === "ERROR")?.count).toBe(2);
  await expect(names({ search: "x".repeat(201) })).rejects.toThrow(InvalidInput);
});

it("says, for each workspace, that it is not complete once retention has removed what it needs", async () => {
  const [short, long] = [await addProject(fixture.database), await addProject(fixture.database)];
  await fixture.database.query(sql`
    update workspaces set events_retained_from_id = 1, events_retained_since = ${new Date(BEGIN + DAY).toISOString()} where id = ${short.workspaceId}`);
  const isComplete = async (projectId: string, at: number) =>
    (await fleetAt(fixture.runtime, fixture.admin, projectId, new Date(at))).complete();
  expect(await isComplete(short.projectId, BEGIN + DAY - 1)).toBe(false);
  expect(await isComplete(short.projectId, BEGIN + DAY)).toBe(true);
  expect(await isComplete(long.projectId, BEGIN)).toBe(true);
  await fixture.database.query(sql`update installation set events_retained_since = ${new Date(BEGIN).toISOString()}`);
  expect(await isComplete(long.projectId, BEGIN - 1)).toBe(false);
  expect(await isComplete(long.projectId, BEGIN)).toBe(true);
  expect(await isComplete(short.projectId, BEGIN)).toBe(false);
  await fixture.database.query(sql`update installation set events_retained_since = null`);
});

it("is nobody's who may not, shows nothing of another tenant, and refuses a time that cannot be", async () => {
  const place = await addProject(fixture.database);
  await addHistory(fixture, "mine", [], place);
  const nobody = callerOf({ kind: "API_KEY", name: "nobody", permissions: new Set() });
  await expect(fleetAt(fixture.runtime, nobody, place.projectId, new Date())).rejects.toThrow(Forbidden);
  const elsewhere = callerOf({
    kind: "API_KEY",
    name: "elsewhere",
    permissions: fixture.admin.actor.permissions,
    reach: { workspaceId: fixture.workspaceId, projectId: null },
  });
  const foreign = await fleetAt(fixture.runtime, elsewhere, place.projectId, new Date());
  expect((await foreign.agents({ first: 10 })).edges).toEqual([]);
  expect((await foreign.counts()).every(({ count }) => count === 0)).toBe(true);
  for (const time of [new Date(Number.NaN), new Date(8.64e15)]) {
    await expect(fleetAt(fixture.runtime, fixture.admin, place.projectId, time)).rejects.toThrow(InvalidInput);
  }
});
