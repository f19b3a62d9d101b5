import type { Caller } from "@muster/domain/actor.ts";
import { AGENT_STATES, type AgentState } from "@muster/domain/agent-lifecycle.ts";
import { Forbidden, InvalidInput } from "@muster/domain/errors.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addAgent, addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import type { Runtime } from "../runtime.ts";
import { countFleetAt, findMoment, knowsFleetAt, listFleetAt } from "./fleet-at.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

async function fleetAt(runtime: Runtime, caller: Caller, projectId: string, at: Date) {
  const moment = await findMoment(runtime, caller, at);
  return {
    ...moment,
    agents: (page: PageArguments) => only(listFleetAt(runtime, caller, moment, [projectId], page)),
    counts: () => only(countFleetAt(runtime, caller, moment, [projectId])),
    complete: () => only(knowsFleetAt(runtime, caller, moment, [projectId])),
  };
}

const DAY = 86_400_000;
const BEGIN = Date.parse("2026-01-01T00:00:00Z");

interface Move {
  readonly afterMs: number;
  readonly to: AgentState;
}

/** Writes an agent's history into the log, as if it had happened then, with other events between. */
async function addHistory(name: string, moves: readonly Move[], place: { workspaceId: string; projectId: string }) {
  const states: AgentState[] = ["REGISTERED", ...moves.map((move) => move.to)];
  const { id } = await addAgent(fixture, name, states.at(-1), place);
  await fixture.database.query(sql`update agents set created_at = ${new Date(BEGIN).toISOString()} where id = ${id}`);
  let time = BEGIN;
  const history = [{ at: time, state: states[0] as AgentState }];
  for (const [index, move] of moves.entries()) {
    time += move.afterMs;
    history.push({ at: time, state: move.to });
    await fixture.database.query(sql`
      insert into events (workspace_id, project_id, type, subject_id, subject_version, agent_id, actor_kind, actor_name, payload, at)
      values (${place.workspaceId}, ${place.projectId}, 'agent.transitioned', ${id}, ${index + 2}, ${id}, 'SYSTEM', 'test',
          ${JSON.stringify({ from: states[index], to: move.to })}, ${new Date(time).toISOString()}),
        (${place.workspaceId}, ${place.projectId}, 'task.transitioned', gen_random_uuid(), 1, ${id}, 'SYSTEM', 'test', '{"to":"FAILED"}',
          ${new Date(time).toISOString()})`);
  }
  return { name, history };
}

const move = fc.record({ afterMs: fc.integer({ min: 0, max: 3 * DAY }), to: fc.constantFrom(...AGENT_STATES) });

it("gives each agent the state that it had, by its history", async () => {
  const place = await addProject(fixture.database);
  const histories: Awaited<ReturnType<typeof addHistory>>[] = [];
  // One agent after the other: so few events that the search by time leaves none out, whatever their order.
  for (const [index, moves] of fc.sample(fc.array(move, { maxLength: 4 }), 12).entries()) {
    histories.push(await addHistory(`agent-${String(index).padStart(2, "0")}`, moves, place));
  }
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 14 * DAY }), async (offset) => {
      const at = new Date(BEGIN + offset);
      const fleet = await fleetAt(fixture.runtime, fixture.admin, place.projectId, at);
      const { edges } = await fleet.agents({ first: 200 });
      const expected = histories.map(({ name, history }) => {
        const last = history.findLast((step) => step.at <= at.getTime()) ?? history[0];
        return { name, state: last?.state, since: last?.at };
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
    }),
    { numRuns: 40 },
  );
});

it("pages by name, counts only what there was, and takes a time to come for the present", async () => {
  const place = await addProject(fixture.database);
  for (const name of ["a", "b", "c"]) await addHistory(name, [{ afterMs: DAY, to: "ONLINE" }], place);
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
  await addHistory("mine", [], place);
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
