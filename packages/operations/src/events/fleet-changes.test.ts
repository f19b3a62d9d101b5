import { Forbidden, InvalidInput } from "@muster/domain/errors.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addHistory, type AgentHistory, anyMove, BEGIN, DAY, stepAt } from "../../test/agent-history.ts";
import { addAgent, addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import type { FleetSnapshotFilter } from "./fleet-at.ts";
import { findSpan, listFleetChanges } from "./fleet-changes.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

async function changes(
  projectId: string,
  from: Date,
  to: Date,
  page: PageArguments = { first: 200 },
  caller?: Caller,
  filter?: FleetSnapshotFilter,
) {
  const { runtime, admin } = fixture;
  const span = await findSpan(runtime, caller ?? admin, from, to);
  return only(listFleetChanges(runtime, caller ?? admin, span, [projectId], page, filter));
}

it("tells what became of each agent that moved, by its history", async () => {
  const place = await addProject(fixture.database);
  const histories: AgentHistory[] = [];
  for (const [index, moves] of fc.sample(fc.array(anyMove, { maxLength: 4 }), 12).entries()) {
    histories.push(await addHistory(fixture, `agent-${String(index).padStart(2, "0")}`, moves, place));
  }
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: -DAY, max: 12 * DAY }),
      fc.integer({ min: 1, max: 8 * DAY }),
      async (offset, length) => {
        const [from, to] = [BEGIN + offset, BEGIN + offset + length];
        const { edges } = await changes(place.projectId, new Date(from), new Date(to));
        const expected = histories.flatMap((of) => {
          const inside = of.history.slice(1).filter(({ at }) => at > from && at <= to);
          const after = stepAt(of, to);
          if (!after || (inside.length === 0 && BEGIN <= from)) return [];
          const last = inside.at(-1);
          return [
            {
              name: of.name,
              stateBefore: stepAt(of, from)?.state ?? null,
              stateAfter: after.state,
              transitions: inside.length,
              last: last ? { at: last.at, reason: `reason ${of.history.indexOf(last) - 1}` } : null,
            },
          ];
        });
        expect(
          edges.map(({ node: { agent, last, ...change } }) => ({
            name: agent.name,
            ...change,
            last: last && { at: last.at.getTime(), reason: last.reason },
          })),
        ).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
});

it("pages by name, and leaves out who has not moved", async () => {
  const place = await addProject(fixture.database);
  for (const name of ["a", "b", "c"]) await addHistory(fixture, name, [{ afterMs: DAY, to: "ONLINE" }], place);
  await addHistory(fixture, "still", [{ afterMs: 9 * DAY, to: "ONLINE" }], place);
  await addAgent(fixture, "new", "REGISTERED", place);
  const [from, to] = [new Date(BEGIN + 1), new Date(BEGIN + 2 * DAY)];
  const first = await changes(place.projectId, from, to, { first: 2 });
  const second = await changes(place.projectId, from, to, { first: 2, after: first.edges[1]?.cursor ?? null });
  expect([...first.edges, ...second.edges].map(({ node }) => node.agent.name)).toEqual(["a", "b", "c"]);
  expect(await first.count()).toEqual({ count: 3, capped: false });
  const now = await changes(place.projectId, new Date(BEGIN + 20 * DAY), new Date("2999-01-01"));
  expect(now.edges.map(({ node }) => node)).toMatchObject([
    { agent: { name: "new" }, stateBefore: null, stateAfter: "REGISTERED", transitions: 0, last: null },
  ]);
});

it("tells of the agents that are asked for: by the states of either moment, and by what they are now", async () => {
  const place = await addProject(fixture.database);
  await addHistory(fixture, "failed", [{ afterMs: DAY, to: "ERROR" }], place);
  await addHistory(
    fixture,
    "recovered",
    [
      { afterMs: 1_000, to: "ERROR" },
      { afterMs: DAY, to: "ONLINE" },
      { afterMs: 5 * DAY, to: "BUSY" },
    ],
    place,
  );
  await addHistory(fixture, "well", [{ afterMs: DAY, to: "ONLINE" }], place);
  const [from, to] = [new Date(BEGIN + 2_000), new Date(BEGIN + 2 * DAY)];
  const named = async (filter: FleetSnapshotFilter) => {
    const found = await changes(place.projectId, from, to, { first: 200 }, undefined, filter);
    expect((await found.count()).count).toBe(found.edges.length);
    return found.edges.map(({ node }) => node.agent.name);
  };
  expect(await named({})).toEqual(["failed", "recovered", "well"]);
  expect(await named({ states: ["ERROR"] })).toEqual(["failed", "recovered"]);
  expect(await named({ states: ["ONLINE"] })).toEqual(["recovered", "well"]);
  expect(await named({ states: ["BUSY"] })).toEqual([]);
  expect(await named({ states: [] })).toEqual([]);
  expect(await named({ search: "ell" })).toEqual(["well"]);
  expect(await named({ definitionSlug: "builder", labels: { team: "core" } })).toEqual([]);
  // What was registered in between had no state before.
  const early = await changes(place.projectId, new Date(BEGIN - DAY), to, { first: 9 }, undefined, {
    states: ["REGISTERED"],
  });
  expect(early.edges).toEqual([]);
});

it("is nobody's who may not, shows nothing of another tenant, and refuses times that cannot be", async () => {
  const place = await addProject(fixture.database);
  await addHistory(fixture, "mine", [{ afterMs: DAY, to: "ONLINE" }], place);
  const [from, to] = [new Date(BEGIN - DAY), new Date(BEGIN + 2 * DAY)];
  const nobody = callerOf({ kind: "API_KEY", name: "nobody", permissions: new Set() });
  await expect(changes(place.projectId, from, to, {}, nobody)).rejects.toThrow(Forbidden);
  const reach = { workspaceId: fixture.workspaceId, projectId: null };
  const elsewhere = callerOf({ kind: "API_KEY", name: "e", permissions: fixture.admin.actor.permissions, reach });
  expect((await changes(place.projectId, from, to, {}, elsewhere)).edges).toEqual([]);
  await expect(changes(place.projectId, to, from)).rejects.toThrow(InvalidInput);
  await expect(changes(place.projectId, to, to)).rejects.toThrow(InvalidInput);
  await expect(changes(place.projectId, new Date(Number.NaN), to)).rejects.toThrow(InvalidInput);
});

it("goes by what is left when retention has removed the transitions before", async () => {
  const place = await addProject(fixture.database);
  const moves = [1, 2, 3].map((day) => ({
    afterMs: day * DAY,
    to: day === 2 ? ("ERROR" as const) : ("ONLINE" as const),
  }));
  const { id } = await addHistory(fixture, "pruned", moves, place);
  await fixture.database.query(sql`delete from events where agent_id = ${id} and subject_version < 4`);
  const { edges } = await changes(place.projectId, new Date(BEGIN + 4 * DAY), new Date(BEGIN + 7 * DAY));
  expect(edges[0]?.node).toMatchObject({ stateBefore: "ERROR", stateAfter: "ONLINE", transitions: 1 });
});
