import { systemCaller } from "@muster/operations/authorize.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { DEFAULT_SETTINGS } from "@muster/operations/settings.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appendSome, type AuditFixture, createAuditFixture } from "../../test/audit-fixture.ts";
import type { AuditFilterInput } from "./audit-filter.ts";
import { type AuditListing, type AuditPage, listInstallationAudit, listWorkspaceAudit } from "./audit-queries.ts";
import { exportEntries } from "./export-entries.ts";

let fixture: AuditFixture;
let runtime: Runtime;
beforeAll(async () => {
  fixture = await createAuditFixture();
  runtime = { database: fixture.database, settings: DEFAULT_SETTINGS, committed: () => {} };
  const [workspace, other] = fixture.workspaces;
  await appendSome(fixture.database, [workspace, other], 600);
  // What belongs to the workspace itself stands among what belongs to its project.
  await fixture.database.query(sql`update events set project_id = null where id % 5 = 0`);
  await fixture.database.query(
    sql`update events set reason = 'a Needle' where id in (3, 5, 9, 11, 295, 297, 555, 599)`,
  );
});
afterAll(() => fixture.close());

const caller = systemCaller("test");
const NEEDLES = [599, 555, 297, 295, 11, 9, 5, 3];
const list = (listing: AuditListing) => listWorkspaceAudit(runtime, caller, fixture.workspaces[1], listing);
const idsOf = (page: AuditPage) => page.edges.map(({ node }) => Number(node.event.id));

describe("a search of many entries", () => {
  it.each([
    [2, 7],
    [3, 40],
    [1, 11],
    [50, 100],
    [50, 1_000],
  ])("finds all, %i a page of at most %i looked at, onwards and back", async (size, mostLookedAt) => {
    for (const direction of ["DESC", "ASC"] as const) {
      const wanted = direction === "DESC" ? NEEDLES : NEEDLES.toReversed();
      const common = { filter: { search: "nEEDLE" }, direction, mostLookedAt };
      const found: number[] = [];
      let page: AuditPage | null = null;
      for (let after: string | null = null; page === null || page.hasNextPage; after = page.endCursor) {
        page = await list({ ...common, page: { first: size, after } });
        expect(page.lookedTo !== null && page.edges.length === size ? page.hasNextPage : true).toBe(true);
        found.push(...idsOf(page));
      }
      expect(found).toEqual(wanted);
      const back: number[] = [];
      while (page.hasPreviousPage) {
        page = await list({ ...common, page: { last: size, before: page.startCursor } });
        back.unshift(...idsOf(page));
      }
      // Without what the last page onwards had.
      expect(back).toEqual(wanted.slice(0, back.length));
      expect(back.length).toBeGreaterThanOrEqual(wanted.length - size);
    }
  });

  it("goes back from a page with nothing in it to all that is before it", async () => {
    // The first page ends where 555 is, which is the last that was looked at.
    const common = { filter: { search: "needle" }, mostLookedAt: 23 };
    let page = await list({ ...common, page: { first: 5 } });
    while (page.edges.length > 0) page = await list({ ...common, page: { first: 5, after: page.endCursor } });
    const found: number[] = [];
    while (page.hasPreviousPage) {
      page = await list({ ...common, page: { last: 5, before: page.startCursor } });
      found.unshift(...idsOf(page));
    }
    expect(found).toEqual([599, 555]);
  });

  it("says how far it has looked, and counts only so far", async () => {
    const listing = { filter: { search: "needle" }, page: { first: 50 } };
    const page = await list({ ...listing, mostLookedAt: 30 });
    expect(idsOf(page)).toEqual([599, 555]);
    expect(page).toMatchObject({ hasNextPage: true, lookedTo: expect.any(Date) });
    expect(await page.count()).toEqual({ count: 2, capped: true });
    const whole = await list(listing);
    expect(whole).toMatchObject({ hasNextPage: false, lookedTo: null });
    expect(await whole.count()).toEqual({ count: NEEDLES.length, capped: false });
  });

  it.each([
    { types: ["none"] },
    { actorKinds: ["AGENT"] },
    { addresses: ["10.9.9.9"] },
    { actors: [crypto.randomUUID()] },
  ] as const)("looks at no more for %o", async (filter) => {
    const page = await list({ filter: filter as unknown as AuditFilterInput, page: { first: 5 }, mostLookedAt: 10 });
    expect(page).toMatchObject({ edges: [], hasNextPage: true, lookedTo: expect.any(Date) });
  });

  it("does not hold up what an index gives", async () => {
    const page = await list({ page: { first: 100 }, mostLookedAt: 10 });
    expect(page.edges).toHaveLength(100);
    expect(page.lookedTo).toBeNull();
  });
});

it("finds texts of payloads whatever is in them", async () => {
  const texts = ['say "hi"', "back\\slash", "two\nlines\tand\u0001", "Grün ÄÖ", "a/b <c> 'd'", "\u007f\u2028😀", "%_"];
  for (const text of texts)
    await fixture.database
      .query(sql`insert into events (type, subject_id, subject_version, actor_kind, actor_name, payload)
      values ('test.text', gen_random_uuid(), 1, 'SYSTEM', 'test', ${JSON.stringify({ deep: [{ text: `<${text}>` }] })}::jsonb)`);
  for (const text of [...texts, "BACK\\SLASH", "grün", "test.te"]) {
    const page = await listInstallationAudit(runtime, caller, { filter: { search: text }, page: { first: 50 } });
    expect(page.edges.length, text).toBe(text === "test.te" ? texts.length : 1);
  }
  // Names of fields are no texts.
  const page = await listInstallationAudit(runtime, caller, { filter: { search: "deep" }, page: { first: 50 } });
  expect(page.edges).toEqual([]);
});

it("exports on and on, also when thousands are not wanted", async () => {
  await appendSome(fixture.database, [fixture.workspaces[0]], 51_000);
  await fixture.database.query(sql`update events set reason = 'the last' where id = (select max(id) from events)`);
  const found = [];
  const wanted = { workspaceId: fixture.workspaces[0], filter: { search: "the last" } };
  for await (const entries of exportEntries(runtime, caller, wanted)) found.push(...entries);
  expect(found).toMatchObject([{ reason: "the last" }]);
});
