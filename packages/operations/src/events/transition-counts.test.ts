import type { Caller } from "@muster/domain/actor.ts";
import { Forbidden, InvalidInput } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { addAgent, addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { rowsLookedAt } from "../../test/rows-looked-at.ts";
import type { AgentFilterInput } from "../agents/agent-filter.ts";
import { countTransitions } from "./transition-counts.ts";

const DAY = 86_400_000;
let fixture: Fixture;
/** Each test has a time of its own: the log is in the order of time. */
let begin = Date.parse("2026-01-01T00:00:00Z");
beforeEach(() => {
  begin += 30 * DAY;
});
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

interface Asked {
  readonly projectId: string;
  readonly from: number;
  readonly to: number;
  readonly buckets: number;
}

function counts({ projectId, from, to, buckets }: Asked, filter?: AgentFilterInput, caller?: Caller) {
  const range = { from: new Date(from), to: new Date(to), buckets };
  return only(countTransitions(fixture.runtime, caller ?? fixture.admin, [projectId], range, filter));
}

/** Agents that moved at these times, in milliseconds after `begin`, written into the log in that order as if it had happened then. */
async function addMoves(place: { workspaceId: string; projectId: string }, moves: readonly (readonly number[])[]) {
  const { database } = fixture;
  const all: { readonly id: string; readonly time: number; readonly version: number }[] = [];
  for (const [index, times] of moves.entries()) {
    const { id } = await addAgent(fixture, `agent-${index}`, "ONLINE", place);
    const sorted = times.toSorted((one, other) => one - other);
    const since = new Date(begin + (sorted.at(-1) ?? 0)).toISOString();
    await database.query(sql`
      update agents set created_at = ${new Date(begin).toISOString()}, state_since = ${since}, version = ${sorted.length + 1} where id = ${id}`);
    all.push(...sorted.map((time, step) => ({ id, time, version: step + 2 })));
  }
  all.sort((one, other) => one.time - other.time);
  const column = <Value>(of: (move: (typeof all)[number]) => Value) => sql.param(all.map(of));
  await database.query(sql`
    insert into events (workspace_id, project_id, type, subject_id, subject_version, agent_id, actor_kind, actor_name, payload, at)
    select ${place.workspaceId}, ${place.projectId}, type, agent, version, agent, 'SYSTEM', 'test', '{"from":"IDLE","to":"BUSY"}', at
    from unnest(${column(({ id }) => id)}::uuid[], ${column(({ version }) => version)}::int[],
      ${column(({ time }) => new Date(begin + time).toISOString())}::timestamptz[]) with ordinality moved(agent, version, at, number)
      cross join unnest('{agent.transitioned,task.transitioned}'::text[]) type
    order by number, type`);
}

it("counts each transition in its slice, of agents that moved little and of those that moved often", async () => {
  const place = await addProject(fixture.database);
  const time = fc.integer({ min: 0, max: 10 * DAY });
  const moves = [
    ...fc.sample(fc.array(time, { maxLength: 8 }), 10),
    ...fc.sample(fc.array(time, { minLength: 120, maxLength: 200 }), 3),
  ];
  await addMoves(place, moves);
  const times = moves.flat().map((each) => begin + each);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: -DAY, max: 11 * DAY }),
      fc.integer({ min: 1_000, max: 11 * DAY }),
      fc.integer({ min: 1, max: 30 }),
      async (offset, length, buckets) => {
        const [from, to] = [begin + offset, begin + offset + length];
        const end = (slice: number) => Math.round(from + (slice * length) / buckets);
        const expected = Array.from(
          { length: buckets },
          (_, slice) => times.filter((at) => at >= end(slice) && at < end(slice + 1)).length,
        );
        expect(await counts({ ...place, from, to, buckets })).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
});

it("counts what is left when retention has removed the transitions before", async () => {
  const place = await addProject(fixture.database);
  await addMoves(place, [Array.from({ length: 100 }, (_, step) => step * 1_000)]);
  await fixture.database.query(
    sql`delete from events where project_id = ${place.projectId} and subject_version <= 31 and type = 'agent.transitioned'`,
  );
  expect(await counts({ ...place, from: begin - 60_000, to: begin + 100_000, buckets: 2 })).toEqual([0, 70]);
});

it("counts for the agents that are asked for", async () => {
  const place = await addProject(fixture.database);
  await addMoves(place, [
    [1, 2],
    [3, 4, 5, 6, 7],
  ]);
  const asked = { ...place, from: begin, to: begin + DAY, buckets: 1 };
  expect(await counts(asked)).toEqual([7]);
  expect(await counts(asked, { search: "t-1" })).toEqual([5]);
  expect(await counts(asked, { labels: { team: "core" } })).toEqual([0]);
});

it("is nobody's who may not, tells nothing of another tenant, and refuses what cannot be", async () => {
  const place = await addProject(fixture.database);
  await addMoves(place, [[DAY]]);
  const asked = { ...place, from: begin, to: begin + 2 * DAY, buckets: 4 };
  expect(await counts(asked)).toEqual([0, 0, 1, 0]);
  const { permissions } = fixture.admin.actor;
  for (const lacking of ["agent.read", "event.read"] as const) {
    const without = new Set([...permissions].filter((each) => each !== lacking));
    const caller = callerOf({ kind: "API_KEY", name: "without", permissions: without });
    await expect(counts(asked, {}, caller)).rejects.toThrow(Forbidden);
  }
  const reach = { workspaceId: fixture.workspaceId, projectId: null };
  const elsewhere = callerOf({ kind: "API_KEY", name: "e", permissions, reach });
  expect(await counts(asked, {}, elsewhere)).toEqual([0, 0, 0, 0]);
  for (const wrong of [
    { to: asked.from },
    { to: asked.from - 1 },
    { from: Number.NaN },
    { buckets: 0 },
    { buckets: 101 },
    { buckets: 1.5 },
  ]) {
    await expect(counts({ ...asked, ...wrong })).rejects.toThrow(InvalidInput);
  }
});

it("reads no more of agents that have moved thousands of times than of others", async () => {
  const place = await addProject(fixture.database);
  const moves = (many: number, everyMs: number) => Array.from({ length: many }, (_, step) => step * everyMs);
  await addMoves(place, [moves(10_000, 1_500), ...Array.from({ length: 20 }, () => moves(1_500, 10_000))]);
  await fixture.database.query(sql`vacuum analyze events`);
  const range = { from: new Date(begin), to: new Date(begin + 15_000_000), buckets: 25 };
  const told = await counts({ ...place, from: range.from.getTime(), to: range.to.getTime(), buckets: 25 });
  expect(told).toEqual(Array.from({ length: 25 }, () => 400 + 20 * 60));
  const { rows, scans } = await rowsLookedAt(fixture.runtime, "events", (runtime) =>
    countTransitions(runtime, fixture.admin, [place.projectId], range),
  );
  // Of each of 21 agents: 51 to see that it moved often, and one for each end of a slice, twice at most.
  expect(rows).toBeLessThan(21 * 110);
  expect(scans).not.toContain("Seq Scan");
});
