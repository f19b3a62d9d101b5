import type { Caller } from "@muster/domain/actor.ts";
import type { AgentState } from "@muster/domain/agent-lifecycle.ts";
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

/** The steps after `since` and up to `until`, each with the step before it. An agent begins with a step that is no transition. */
const within = ({ history }: AgentHistory, since: number, until: number) =>
  history.flatMap((step, at) => {
    const before = history[at - 1];
    return before && step.at > since && step.at <= until ? [{ ...step, before: before.state }] : [];
  });

/** What a bar of so many slices has to show, told by the steps in it: a span of each slice that has some, and of what lies between. */
function foldedBar(steps: ReturnType<typeof within>, from: number, to: number, slices: number) {
  const startOf = (slice: number) => Math.floor(from + ((to - from) * slice) / slices);
  const sliceOf = ({ at }: { at: number }) => Math.min(slices - 1, Math.floor(((at - from) * slices) / (to - from)));
  const bySlice = Map.groupBy(steps, sliceOf);
  const bar: { state: AgentState; from: number; to: number; transitions: number }[] = [];
  let [state, end] = [steps[0]!.before, 0];
  const stay = (until: number) => {
    if (end < until) bar.push({ state, from: startOf(end), to: startOf(until), transitions: 0 });
  };
  for (const [slice, own] of bySlice) {
    stay(slice);
    const seen = mostSevere(new Set([state, ...own.map((step) => step.state)]));
    bar.push({ state: seen, from: startOf(slice), to: startOf(slice + 1), transitions: own.length });
    [state, end] = [own.at(-1)!.state, slice + 1];
  }
  stay(slices);
  return bar;
}

/** Compares the bar of an agent with its history. */
async function compare(of: AgentHistory, since: number, until: number, most: number): Promise<void> {
  const found = await read(of.id, since, until, most);
  if (until <= BEGIN) {
    expect(found).toMatchObject({ spans: [], folded: false });
    return;
  }
  const [from, to] = [Math.max(since, BEGIN), until];
  const steps = within(of, since, until);
  expect([found.from.getTime(), found.to.getTime(), found.complete]).toEqual([from, to, true]);
  expect(found.folded).toBe(steps.length > most);
  // Gapless, from end to end, and no transition is lost.
  expect(found.spans[0]?.from.getTime()).toBe(from);
  expect(found.spans.at(-1)?.to.getTime()).toBe(to);
  for (const [at, span] of found.spans.entries()) expect(found.spans[at + 1]?.from ?? span.to).toEqual(span.to);
  expect(found.spans.reduce((sum, span) => sum + span.transitions, 0)).toBe(steps.length);
  if (!found.folded) {
    const shown = found.spans.filter((span) => span.eventId !== null);
    const begun = shown.map(({ state, from: at }) => ({ state, at: at.getTime() }));
    expect(begun).toEqual(steps.map(({ state, at }) => ({ state, at })));
    if (shown.length < found.spans.length) expect(found.spans[0]?.state).toBe(stepAt(of, from)?.state);
    return;
  }
  expect(found.spans.length).toBeLessThanOrEqual(most);
  const bar = found.spans.map(({ state, transitions, ...span }) => {
    expect(span.eventId === null).toBe(transitions === 0);
    return { state, from: span.from.getTime(), to: span.to.getTime(), transitions };
  });
  expect(bar).toEqual(foldedBar(steps, from, to, Math.floor(most / 2)));
}

const daysApart = {
  moves: anyMove,
  range: fc.record({ offset: fc.integer({ min: -DAY, max: 70 * DAY }), length: fc.integer({ min: 1, max: 50 * DAY }) }),
};
/** Several in a millisecond, slices that are shorter than one, and ends that fall on a transition. */
const atOnce = {
  moves: anyMove.map(({ afterMs, to }) => ({ afterMs: afterMs % 3, to })),
  range: fc.record({ offset: fc.integer({ min: -3, max: 45 }), length: fc.integer({ min: 1, max: 60 }) }),
};

it.each([
  ["days apart", daysApart],
  ["at once", atOnce],
])("shows every transition, or folds them into slices with the most severe state of each: %s", async (_, kind) => {
  const place = await addProject(fixture.database);
  const moves = [0, 3, 12, 40].flatMap((length) =>
    fc.sample(fc.array(kind.moves, { minLength: length, maxLength: length }), 2),
  );
  const histories: AgentHistory[] = [];
  for (const [index, one] of moves.entries()) histories.push(await addHistory(fixture, `agent-${index}`, one, place));
  const any = fc.constantFrom(...histories);
  await fc.assert(
    fc.asyncProperty(any, kind.range, fc.integer({ min: 2, max: 30 }), (of, { offset, length }, most) =>
      compare(of, BEGIN + offset, BEGIN + offset + length, most),
    ),
    { numRuns: 150 },
  );
});

it("puts a transition into the slice that begins with it, and one at the beginning and the end into the bar", async () => {
  const place = await addProject(fixture.database);
  const moves = [0, 0, 1, ...Array<number>(25).fill(0), 1].map((afterMs) => ({ afterMs, to: "ONLINE" as const }));
  const of = await addHistory(fixture, "punctual", moves, place);
  // A twelfth of two milliseconds has no end in decimals; six of them are one.
  await compare(of, BEGIN - 1, BEGIN + 2, 24);
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
