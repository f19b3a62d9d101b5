import { createRetention, type Retention } from "@muster/events/retention.ts";
import { sql } from "drizzle-orm";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { appendSome, type AuditFixture, createAuditFixture, sealAll } from "../../test/audit-fixture.ts";
import { cutChains, removeOldBlocks } from "./cut-chains.ts";
import { signOverdueCheckpoints } from "./record-checkpoints.ts";
import { SEAL_SIZES } from "./seal-page.ts";
import type { Finding } from "./verify/finding.ts";
import { verifyDatabase } from "./verify/verify-database.ts";

// Retention waits for transactions of other tests on the same server.
vi.setConfig({ testTimeout: 90_000 });

let fixture: AuditFixture;
let retention: Retention;
let workspace: string;
beforeEach(async () => {
  fixture = await createAuditFixture();
  const { database, url, signer, workspaces } = fixture;
  workspace = workspaces[0];
  await database.query(sql`update workspaces set event_retention_days = 7 where id = ${workspace}`);
  const beforeRemoval = (cut: Parameters<typeof cutChains>[2]) => cutChains(database, signer, cut);
  retention = createRetention({ url, days: null, archiveDir: null, beforeRemoval });
  const sealer = fixture.sealer({ sizes: { ...SEAL_SIZES, page: 50 } });
  await appendSome(database, [...workspaces, null], 150);
  // Of an agent, the newest of these stays.
  await database.query(
    sql`update events set type = 'agent.transitioned', agent_id = ${workspace} where id in (3, 45, 93)`,
  );
  await database.query(sql`update events set at = at - interval '10 days'`);
  await appendSome(database, [...workspaces, null], 60);
  await sealAll(sealer);
  await signOverdueCheckpoints(database, signer);
  await sealer.close();
});
afterEach(async () => {
  await retention.close();
  await fixture.close();
});

async function removeSome(): Promise<number> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const report = await retention.enforce();
    if (report && report.deletedEvents > 0) return report.deletedEvents;
    await sleep(100);
  }
  throw new Error("Nothing was removed.");
}

async function verified() {
  const found: Finding[] = [];
  const keys = [fixture.publicKey];
  const counts = await verifyDatabase(fixture.database, { keys, checkpoints: [], report: (one) => found.push(one) });
  return { found: found.toSorted((a, b) => Number(a.eventId) - Number(b.eventId)), counts };
}

const blocks = () =>
  fixture.database.query<{ number: string }>(
    sql`select number::text as number from audit_blocks b where chain_id = ${workspace} order by b.number`,
  );

it("what retention has removed is vouched for by the checkpoint at its cut", async () => {
  const { database } = fixture;
  expect(await removeSome()).toBe(49);
  expect(await verified()).toMatchObject({ found: [], counts: { events: 210, removed: 49 } });
  const before = await blocks();
  await removeOldBlocks(database);
  const after = await blocks();
  expect(after.length).toBeLessThan(before.length);
  // One is there for the event that stays.
  expect(await verified()).toMatchObject({ found: [] });
  await sealAll(fixture.sealer());
  await appendSome(database, fixture.workspaces, 10);
  await sealAll(fixture.sealer({ leaseMs: 1 }));
  expect(await verified()).toMatchObject({ found: [] });
  // What stays can still be told from what was edited, and from what was removed by somebody else.
  await database.query(sql`update events set reason = 'x' where id = 93`);
  await database.query(sql`delete from events where id = 199`);
  const [event] = await database.query<{ workspace: string }>(
    sql`select workspace_id as workspace from events where id = 93`,
  );
  expect((await verified()).found).toMatchObject([
    { kind: "EDITED", chain: event?.workspace, eventId: "93" },
    { kind: "DELETED", eventId: "199" },
  ]);
});

it("an old event that was committed late, and so stands after the cut, may go with its like", async () => {
  const { database } = fixture;
  const sealer = fixture.sealer({ leaseMs: 1 });
  await database.query(sql`create table late as select * from events where id = 6`);
  await database.query(sql`update late set id = 90`);
  await database.query(sql`delete from events where id = 90`);
  await database.query(sql`insert into events select * from late`);
  await database.query(sql`update events set xid = pg_current_xact_id() where id = 90`);
  await sealAll(sealer);
  expect(await removeSome()).toBe(49);
  const late = (await verified()).found.filter(({ position }) => position === 71);
  expect(late.map(({ kind }) => kind)).toEqual(["INSERTED"]);
});

it("a removal without a signed cut is found, whatever the database says that retention did", async () => {
  const { database } = fixture;
  await database.query(sql`delete from events where workspace_id = ${workspace} and id < 100`);
  await database.query(sql`update workspaces set events_retained_from_id = 100 where id = ${workspace}`);
  await database.query(sql`update audit_checkpoints set removed_before = 100`);
  const deleted = (await verified()).found.filter(({ kind }) => kind === "DELETED");
  expect(deleted).toHaveLength(33);
  await database.query(sql`delete from audit_blocks where chain_id = ${workspace} and number < 3`);
  expect((await verified()).found.map(({ kind }) => kind)).toContain("DELETED");
});

it("a cut lets nothing go that comes after it, and of other chains nothing at all", async () => {
  const { database } = fixture;
  await removeSome();
  const [other] = fixture.workspaces.slice(1);
  await database.query(sql`delete from events where workspace_id = ${other!} and id < 20`);
  await database.query(sql`delete from events where workspace_id = ${workspace} and id between 151 and 160`);
  const found = (await verified()).found;
  expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(["DELETED"]));
  expect(found.filter(({ chain }) => chain === workspace).every(({ eventId }) => Number(eventId) > 150)).toBe(true);
  expect(found.filter(({ chain }) => chain === other)).toHaveLength(7);
});
