import { InvalidInput } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addTasks } from "../../test/bulk-jobs.ts";
import { createFixture, type Fixture, only } from "../../test/fixtures.ts";
import type { TaskFilter } from "./task-filter.ts";
import { countTasksByState, listTasks } from "./task-queries.ts";

let fixture: Fixture;
/** Three tasks, an hour between the ends and the due times of each. */
let early: string;
let middle: string;
let late: string;
const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour));

beforeAll(async () => {
  fixture = await createFixture();
  [early = "", middle = "", late = ""] = await addTasks(fixture, 3, { state: "FAILED" });
  for (const [place, id] of [early, middle, late].entries()) {
    const moment = at(place + 1).toISOString();
    await fixture.database.query(sql`update tasks set finished_at = ${moment}, run_at = ${moment} where id = ${id}`);
  }
  const [again = ""] = await addTasks(fixture, 1);
  await fixture.database.query(
    sql`update tasks set replay_of = ${middle}, run_at = ${at(9).toISOString()} where id = ${again}`,
  );
});
afterAll(() => fixture.close());

const found = async (filter: TaskFilter) => {
  const scope = { projectIds: [fixture.projectId] };
  const { edges } = await only(listTasks(fixture.runtime, fixture.admin, scope, { filter, page: {} }));
  return edges.map(({ node }) => node.id).toReversed();
};

it("finds tasks by when they ended", async () => {
  expect(await found({ finishedAfter: at(1) })).toEqual([middle, late]);
  expect(await found({ finishedBefore: at(3) })).toEqual([early, middle]);
  expect(await found({ finishedAfter: at(1), finishedBefore: at(3) })).toEqual([middle]);
});

it("finds tasks by when they could have run", async () => {
  expect(await found({ runBefore: at(2), states: ["FAILED"] })).toEqual([early]);
  expect(await found({ runBefore: at(9), states: ["QUEUED"] })).toEqual([]);
  expect(await found({ runBefore: at(10), states: ["QUEUED"] })).toHaveLength(1);
});

it("finds tasks that were run again, and those that were not", async () => {
  expect(await found({ replayed: true })).toEqual([middle]);
  expect(await found({ replayed: false, states: ["FAILED"] })).toEqual([early, late]);
  const counts = await countTasksByState(fixture.runtime, fixture.admin, [fixture.projectId], { replayed: false });
  expect(counts.get(fixture.projectId)).toContainEqual({ state: "FAILED", count: 2 });
});

it("finds tasks by the key of their rate limit", async () => {
  const [limited = ""] = await addTasks(fixture, 1);
  await fixture.database.query(sql`update tasks set rate_limit_key = 'mails' where id = ${limited}`);
  expect(await found({ rateLimitKey: "mails" })).toEqual([limited]);
  expect(await found({ rateLimitKey: "mails", states: ["FAILED"] })).toEqual([]);
  expect(await found({ rateLimitKey: "mail" })).toEqual([]);
  await expect(found({ rateLimitKey: "" })).rejects.toThrow(InvalidInput);
  await fixture.database.query(sql`delete from tasks where id = ${limited}`);
});
