import type { Caller } from "@muster/domain/actor.ts";
import { Forbidden, InvalidInput } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addHistory, type AgentHistory, anyMove, BEGIN, DAY, stepAt } from "../../test/agent-history.ts";
import { addAgent, addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { mostSevere } from "./state-severity.ts";
import { readStateSpans } from "./state-spans.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const read = (id: string, since: number, until: number | null, most = 500, caller: Caller = fixture.admin) =>
  only(
    readStateSpans(fixture.runtime, caller, [id], {
      since: new Date(since),
      until: until === null ? null : new Date(until),
      most,
    }),
  );

/** The steps of a range, without those that took no time. */
const within = ({ history }: AgentHistory, from: number, to: number) =>
  history.slice(1).filter(({ at }) => at > from && at <= to);

/** What a slice shows, told by the whole history. */
function sliceOf(of: AgentHistory, begin: number, end: number, from: number, to: number) {
  const inside = within(of, from, to).filter(({ at }) => at >= begin && (at < end || (end >= to && at <= to)));
  const entered = of.history.findLast(({ at }) => (begin === from ? at <= begin : at < begin)) ?? of.history[0];
  const seen = new Set([entered, ...inside].flatMap((step) => (step ? [step.state] : [])));
  return { state: mostSevere(seen), transitions: inside.length };
}

it("shows every transition, or folds them into slices with the most severe state of each, by the agent's history", async () => {
  const place = await addProject(fixture.database);
  const moves = [0, 3, 12, 40].flatMap((length) =>
    fc.sample(fc.array(anyMove, { minLength: length, maxLength: length }), 2),
  );
  const histories: AgentHistory[] = [];
  for (const [index, one] of moves.entries()) histories.push(await addHistory(fixture, `agent-${index}`, one, place));
  const range = fc.record({
    offset: fc.integer({ min: -DAY, max: 70 * DAY }),
    length: fc.integer({ min: 1, max: 50 * DAY }),
  });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...histories), range, fc.integer({ min: 2, max: 30 }), async (of, given, most) => {
      const [since, until] = [BEGIN + given.offset, BEGIN + given.offset + given.length];
      const found = await read(of.id, since, until, most);
      if (until <= BEGIN) {
        expect(found).toMatchObject({ spans: [], folded: false });
        return;
      }
      const [from, to] = [Math.max(since, BEGIN), until];
      const inside = within(of, from, to);
      expect([found.from.getTime(), found.to.getTime(), found.complete]).toEqual([from, to, true]);
      expect(found.folded).toBe(inside.length > most);
      // Gapless, from end to end, and no transition is lost.
      expect(found.spans[0]?.from.getTime()).toBe(from);
      expect(found.spans.at(-1)?.to.getTime()).toBe(to);
      for (const [at, span] of found.spans.entries()) expect(found.spans[at + 1]?.from ?? span.to).toEqual(span.to);
      expect(found.spans.reduce((sum, span) => sum + span.transitions, 0)).toBe(inside.length);
      if (!found.folded) {
        const shown = found.spans.filter((span) => span.eventId !== null);
        expect(shown.map(({ state, from: begun }) => ({ state, at: begun.getTime() }))).toEqual(inside);
        if (shown.length < found.spans.length) expect(found.spans[0]?.state).toBe(stepAt(of, from)?.state);
        return;
      }
      expect(found.spans.length).toBeLessThanOrEqual(most);
      const slices = Math.floor(most / 2);
      const starts = Array.from({ length: slices + 1 }, (_, slice) => from + ((to - from) * slice) / slices);
      for (const span of found.spans) {
        const { state, transitions } = span;
        const slice = starts.findLastIndex((start) => Math.floor(start) <= span.from.getTime());
        const [begin, end] = [starts[slice] ?? from, transitions === 0 ? span.to.getTime() : (starts[slice + 1] ?? to)];
        expect({ state, transitions }).toEqual(sliceOf(of, begin, end, from, to));
        expect(span.eventId === null).toBe(transitions === 0);
      }
    }),
    { numRuns: 150 },
  );
});

it("ends now when it is not said until when, and reads many agents at once", async () => {
  const place = await addProject(fixture.database);
  const ids = await Promise.all(["a", "b"].map(async (name) => (await addAgent(fixture, name, "IDLE", place)).id));
  const found = await readStateSpans(fixture.runtime, fixture.admin, ids, {
    since: new Date(BEGIN),
    until: null,
    most: 60,
  });
  expect([...found.keys()].toSorted()).toEqual(ids.toSorted());
  for (const { spans, to } of found.values()) {
    expect(spans).toMatchObject([{ state: "IDLE", eventId: null, transitions: 0 }]);
    expect(Math.abs(to.getTime() - Date.now())).toBeLessThan(60_000);
  }
});

it("says that it is not complete once retention has removed what it needs", async () => {
  const place = await addProject(fixture.database);
  const moves = [
    { afterMs: DAY, to: "ONLINE" as const },
    { afterMs: 4 * DAY, to: "ERROR" as const },
  ];
  const { id } = await addHistory(fixture, "pruned", moves, place);
  const since = new Date(BEGIN + 3 * DAY).toISOString();
  await fixture.database.query(
    sql`update workspaces set events_retained_since = ${since} where id = ${place.workspaceId}`,
  );
  await fixture.database.query(sql`delete from events where agent_id = ${id} and subject_version = 2`);
  expect(await read(id, BEGIN, BEGIN + 9 * DAY)).toMatchObject({
    complete: false,
    spans: [{ state: "ONLINE" }, { state: "ERROR" }],
  });
  expect(await read(id, BEGIN + 3 * DAY, BEGIN + 9 * DAY)).toMatchObject({ complete: true });
});

it("is nobody's who may not, shows nothing of another tenant, and refuses what cannot be", async () => {
  const { id } = await addAgent(fixture, "mine", "IDLE", await addProject(fixture.database));
  const nobody = callerOf({ kind: "API_KEY", name: "nobody", permissions: new Set() });
  await expect(read(id, BEGIN, null, 10, nobody)).rejects.toThrow(Forbidden);
  const reach = { workspaceId: fixture.workspaceId, projectId: null };
  const elsewhere = callerOf({ kind: "API_KEY", name: "e", permissions: fixture.admin.actor.permissions, reach });
  const asked = { since: new Date(BEGIN), until: null, most: 10 };
  expect((await readStateSpans(fixture.runtime, elsewhere, [id], asked)).size).toBe(0);
  for (const most of [0, 1, 2_001, 2.5]) await expect(read(id, BEGIN, null, most)).rejects.toThrow(InvalidInput);
  await expect(read(id, BEGIN, BEGIN)).rejects.toThrow(InvalidInput);
  await expect(read(id, BEGIN, Number.NaN)).rejects.toThrow(InvalidInput);
});
