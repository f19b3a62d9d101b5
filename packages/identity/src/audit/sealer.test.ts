import { sql } from "drizzle-orm";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { appendSome, type AuditFixture, createAuditFixture, sealAll } from "../../test/audit-fixture.ts";
import { canonicalText, chainHash, NO_HASH, readRecords } from "./event-record.ts";
import { sealPage, SEAL_SIZES } from "./seal-page.ts";
import { takeSealer } from "./sealer-lease.ts";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createAuditFixture();
});
afterEach(() => fixture.close());

const sizes = { ...SEAL_SIZES, page: 40 };

interface Link {
  readonly position: number;
  readonly id: string;
  readonly hash: string;
}

/** A chain as it is stored. Fails unless its blocks join. */
async function chain(chainId: string): Promise<Link[]> {
  const blocks = await fixture.database.query<{
    number: string;
    first: string;
    ids: string[];
    hashes: string;
    previous: string;
  }>(sql`
    select number::text, first_position::text as first, event_ids::text[] as ids, encode(hashes, 'hex') as hashes,
      encode(previous_hash, 'hex') as previous from audit_blocks b where chain_id = ${chainId} order by b.number`);
  const links: Link[] = [];
  for (const [at, { number, first, ids, hashes, previous }] of blocks.entries()) {
    expect([Number(number), Number(first)]).toEqual([at + 1, links.length + 1]);
    expect(previous).toBe(links.at(-1)?.hash ?? NO_HASH.toString("hex"));
    ids.forEach((id, place) =>
      links.push({ position: Number(first) + place, id, hash: hashes.slice(place * 64, place * 64 + 64) }),
    );
  }
  return links;
}

async function expectSealed(count: number): Promise<void> {
  let total = 0;
  for (const chainId of fixture.chains) {
    const links = await chain(chainId);
    const records = await readRecords(
      fixture.database,
      links.map(({ id }) => id),
    );
    let hash = NO_HASH;
    for (const link of links) {
      const record = records.get(link.id);
      expect(record && (record.workspaceId ?? fixture.chains[2])).toBe(chainId);
      hash = chainHash(hash, canonicalText(record!));
      expect(link.hash).toBe(hash.toString("hex"));
    }
    expect(new Set(links.map(({ id }) => id)).size).toBe(links.length);
    total += links.length;
  }
  expect(total).toBe(count);
}

it("chains what there is from the oldest event on, each workspace's by itself, and then what comes", async () => {
  const { database, workspaces } = fixture;
  await appendSome(database, [...workspaces, null], 200);
  const sealer = fixture.sealer({ sizes });
  await sealAll(sealer);
  await expectSealed(200);
  await appendSome(database, [...workspaces, null], 70);
  await sealAll(sealer);
  await expectSealed(270);
  await sealAll(sealer);
  await expectSealed(270);
});

it("takes events in the order in which the feed delivers them: a late commit comes after what was sealed before it", async () => {
  const { database, workspaces } = fixture;
  const [workspace] = workspaces;
  const sealer = fixture.sealer();
  await sealAll(sealer);
  await database.transaction(async (transaction) => {
    await appendSome(transaction as never, [workspace], 1);
    await appendSome(database, [workspace], 3);
    await sealAll(sealer);
  });
  await sealAll(sealer);
  const ids = (await chain(workspace)).map(({ id }) => id);
  expect(ids).toEqual(["2", "3", "4", "1"]);
});

it("hashes every column of an event but the number of its transaction", async () => {
  const { database, workspaces } = fixture;
  await appendSome(database, [workspaces[0]], 1);
  const text = async () => canonicalText((await readRecords(database, ["1"])).get("1")!);
  const before = await text();
  const changes: Record<string, string> = {
    type: "'agent.removed'",
    subject_id: "gen_random_uuid()",
    subject_version: "7",
    workspace_id: "gen_random_uuid()",
    project_id: "gen_random_uuid()",
    agent_id: "gen_random_uuid()",
    task_id: "gen_random_uuid()",
    context_id: "gen_random_uuid()",
    actor_kind: "'AGENT'",
    actor_id: "gen_random_uuid()",
    actor_name: "'Eve'",
    credential_id: "gen_random_uuid()",
    address: "'10.0.0.2'",
    reason: "'for fun'",
    correlation_id: "null",
    payload: `'{"limit": 9}'`,
    labels: `'{"team": "blue"}'`,
    at: "at + interval '1 microsecond'",
  };
  const columns = await database.query<{ name: string }>(
    sql`select column_name as name from information_schema.columns where table_name = 'events' and column_name not in ('id', 'xid')`,
  );
  expect(Object.keys(changes).toSorted()).toEqual(columns.map(({ name }) => name).toSorted());
  for (const [column, value] of Object.entries(changes)) {
    await database.query(sql.raw(`create table kept as select * from events`));
    await database.query(sql.raw(`update events set ${column} = ${value}`));
    expect(await text(), column).not.toBe(before);
    await database.query(sql.raw(`update events e set ${column} = kept.${column} from kept; drop table kept`));
    expect(await text()).toBe(before);
  }
  await database.query(sql`update events set xid = '3'`);
  expect(await text()).toBe(before);
});

it("is one process at a time; another takes over when its lease has ended, and at once when it was given up", async () => {
  const { database, workspaces } = fixture;
  const [first, second, third] = [1, 2, 3].map(() => fixture.sealer({ leaseMs: 400 }));
  await sealAll(first!);
  await appendSome(database, workspaces, 10);
  expect(await second!.seal()).toBe(false);
  await expectSealed(0);
  await sleep(500);
  await sealAll(second!);
  await expectSealed(10);
  await appendSome(database, workspaces, 10);
  await sealAll(first!);
  await expectSealed(10);
  await second!.close();
  await sealAll(third!);
  await expectSealed(20);
});

it("writes nothing once another process has taken over: it was asleep between reading and writing", async () => {
  const { database, workspaces } = fixture;
  await appendSome(database, workspaces, 60);
  const asleep = await takeSealer(database, crypto.randomUUID(), 1);
  await sleep(20);
  const awake = fixture.sealer({ sizes });
  await sealAll(awake);
  const options = { sizes, leaseMs: 60_000 };
  expect(await sealPage(database, asleep!, options)).toBeNull();
  await expectSealed(60);
  // Neither from where the other one has got to: its term is over.
  await appendSome(database, workspaces, 5);
  const [{ cursor } = { cursor: null }] = await database.query<{ cursor: string | null }>(
    sql`select cursor from audit_sealer`,
  );
  expect(await sealPage(database, { ...asleep!, cursor }, options)).toBeNull();
  await expectSealed(60);
  // Nor the present sealer from where it has been before.
  await awake.close();
  const present = await takeSealer(database, crypto.randomUUID(), 60_000);
  expect((await sealPage(database, present!, options))?.count).toBe(5);
  expect(await sealPage(database, present!, options)).toBeNull();
  await expectSealed(65);
});

it.each([
  ["between two batches", 0],
  ["in the middle of a backlog", 3],
])("goes on after a restore from a dump, where positions of before are void: %s", async (_, pages) => {
  const { database, workspaces } = fixture;
  const sealer = fixture.sealer({ sizes });
  if (pages === 0) await sealAll(sealer);
  await appendSome(database, [...workspaces, null], 500);
  if (pages === 0) await sealAll(sealer);
  await sealer.close();
  let held = await takeSealer(database, crypto.randomUUID(), 60_000);
  for (let page = 0; page < pages; page += 1)
    held = { ...held!, cursor: (await sealPage(database, held!, { sizes, leaseMs: 1 }))!.cursor };
  // Was committed, but not sealed, when the dump was made; one of them late, with a low id.
  await appendSome(database, [...workspaces, null], 130);
  await database.query(sql`update events set xid = pg_current_xact_id() where id = 7 and ${pages} = 3`);
  await database.query(sql`update installation set epoch = epoch + 1`);
  await database.query(sql`update audit_sealer set lease_until = null`);
  await sealAll(fixture.sealer({ sizes }));
  await expectSealed(630);
});

it("never forks, doubles or loses an event with many at once whose leases end all the time", async () => {
  const { database, workspaces } = fixture;
  const until = performance.now() + 4_000;
  let written = 0;
  const write = async () => {
    while (performance.now() < until) {
      const count = 1 + Math.floor(Math.random() * 30);
      await appendSome(database, [...workspaces, null], count);
      written += count;
      await sleep(Math.random() * 20);
    }
  };
  const seal = async () => {
    const sealer = fixture.sealer({ leaseMs: 1, sizes });
    while (performance.now() < until) {
      await sealer.seal();
      await sleep(Math.random() * 10);
    }
  };
  await Promise.all([write(), seal(), seal(), seal()]);
  await sleep(10);
  await sealAll(fixture.sealer({ leaseMs: 60_000 }));
  await expectSealed(written);
});
