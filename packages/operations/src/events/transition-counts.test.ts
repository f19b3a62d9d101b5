import type { Caller } from "@muster/domain/actor.ts";
import { Forbidden, InvalidInput } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addHistory, type AgentHistory, anyMove, BEGIN, DAY } from "../../test/agent-history.ts";
import { addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { rowsLookedAt } from "../../test/rows-looked-at.ts";
import type { AgentFilterInput } from "../agents/agent-filter.ts";
import { countTransitions } from "./transition-counts.ts";

let fixture: Fixture;
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

it("counts each transition in its slice, as the histories have them", async () => {
  const place = await addProject(fixture.database);
  const histories: AgentHistory[] = [];
  for (const [index, moves] of fc.sample(fc.array(anyMove, { maxLength: 8 }), 10).entries()) {
    histories.push(await addHistory(fixture, `agent-${index}`, moves, place));
  }
  const times = histories.flatMap(({ history }) => history.slice(1).map(({ at }) => at));
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: -DAY, max: 12 * DAY }),
      fc.integer({ min: 1_000, max: 8 * DAY }),
      fc.integer({ min: 1, max: 30 }),
      async (offset, length, buckets) => {
        const [from, to] = [BEGIN + offset, BEGIN + offset + length];
        const end = (slice: number) => Math.round(from + (slice * length) / buckets);
        const expected = Array.from(
          { length: buckets },
          (_, slice) => times.filter((at) => at > end(slice) && at <= end(slice + 1)).length,
        );
        expect(await counts({ ...place, from, to, buckets })).toEqual(expected);
      },
    ),
    { numRuns: 50 },
  );
});

it("counts for the agents that are asked for", async () => {
  const place = await addProject(fixture.database);
  const moves = (many: number) => Array.from({ length: many }, () => ({ afterMs: 1_000, to: "ONLINE" as const }));
  await addHistory(fixture, "one", moves(2), place);
  await addHistory(fixture, "other", moves(5), place);
  const asked = { ...place, from: BEGIN, to: BEGIN + DAY, buckets: 1 };
  expect(await counts(asked)).toEqual([7]);
  expect(await counts(asked, { search: "oth" })).toEqual([5]);
  expect(await counts(asked, { labels: { team: "core" } })).toEqual([0]);
});

it("is nobody's who may not, tells nothing of another tenant, and refuses what cannot be", async () => {
  const place = await addProject(fixture.database);
  await addHistory(fixture, "mine", [{ afterMs: DAY, to: "ONLINE" }], place);
  const asked = { ...place, from: BEGIN, to: BEGIN + 2 * DAY, buckets: 4 };
  expect(await counts(asked)).toEqual([0, 1, 0, 0]);
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

it("reads as much of an agent that has moved fifty thousand times as of any other", async () => {
  const place = await addProject(fixture.database);
  const { id } = await addHistory(fixture, "veteran", [{ afterMs: DAY, to: "ONLINE" }], place);
  const still = await addHistory(fixture, "still", [{ afterMs: 0, to: "ONLINE" }], place);
  const many = 50_000;
  await fixture.database.query(sql`
    insert into events (workspace_id, project_id, type, subject_id, subject_version, agent_id, actor_kind, actor_name, payload, at)
    select ${place.workspaceId}, ${place.projectId}, 'agent.transitioned', ${id}::uuid, n + 2, ${id}::uuid, 'SYSTEM', 'test',
      '{"from":"IDLE","to":"BUSY"}', ${new Date(BEGIN).toISOString()}::timestamptz + interval '1 day' + n * interval '1 second'
    from generate_series(1, ${many}::int) n`);
  const last = new Date(BEGIN + DAY + many * 1_000);
  await fixture.database.query(
    sql`update agents set state_since = ${last.toISOString()}, version = ${many + 2} where id = ${id}`,
  );
  await fixture.database.query(sql`vacuum analyze events`);
  const asked = { ...place, from: BEGIN + DAY, to: last.getTime(), buckets: 24 };
  const told = await counts(asked);
  expect(told.reduce((sum, count) => sum + count, 0)).toBe(many);
  expect(Math.max(...told) - Math.min(...told)).toBeLessThanOrEqual(1);
  expect(still.history).toHaveLength(2);
  // Each probe walks back from an id that is surely late enough: two minutes and a thousand ids at most.
  const range = { from: new Date(asked.from), to: new Date(asked.to), buckets: asked.buckets };
  const { rows, scans } = await rowsLookedAt(fixture.runtime, "events", (runtime) =>
    countTransitions(runtime, fixture.admin, [place.projectId], range),
  );
  console.log(rows, scans);
  expect(rows).toBeLessThan(25 * 1_200);
  expect(scans).not.toContain("Seq Scan");
});
