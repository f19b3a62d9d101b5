import { type SQL, sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { appendSome, type AuditFixture, createAuditFixture, newSigner, sealAll } from "../../../test/audit-fixture.ts";
import { signCheckpoint } from "../checkpoint.ts";
import { chainEvents, readHeads } from "../chains.ts";
import { canonicalText, chainHash, hashAt, NO_HASH, readRecords } from "../event-record.ts";
import { recordCheckpoint, signOverdueCheckpoints } from "../record-checkpoints.ts";
import { SEAL_SIZES } from "../seal-page.ts";
import type { Finding } from "./finding.ts";
import { verifyDatabase, type VerifyOptions } from "./verify-database.ts";

let fixture: AuditFixture;
/** The checkpoints as somebody has kept them elsewhere. */
let kept: string[];
let chain: string;
/** The ids of the chain's events, in its order. */
let ids: string[];

const query = (text: SQL) => fixture.database.query<Record<string, string>>(text);

beforeEach(async () => {
  fixture = await createAuditFixture();
  const { database, workspaces, signer } = fixture;
  const sealer = fixture.sealer({ sizes: { ...SEAL_SIZES, page: 12 } });
  // As a transaction leaves one that was rolled back.
  await query(sql`select nextval('events_id_seq')`);
  for (let part = 0; part < 4; part += 1) {
    await appendSome(database, [...workspaces, null], 60);
    await sealAll(sealer);
    // The sealer itself signs a chain's first checkpoint at once, and the next ones minutes later.
    await query(sql`update audit_checkpoints set created_at = created_at - interval '1 hour'`);
    await signOverdueCheckpoints(database, signer);
  }
  await sealer.close();
  kept = (await query(sql`select signature from audit_checkpoints`)).map(({ signature }) => signature ?? "");
  chain = workspaces[0];
  ids = (
    await query(sql`select unnest(event_ids)::text as id from audit_blocks where chain_id = ${chain} order by number`)
  ).map(({ id }) => id ?? "");
  if (ids.length !== 80 || kept.length < 12) throw new Error("The chain is not as these tests need it.");
});
afterEach(() => fixture.close());

async function findings(options: Partial<VerifyOptions> = {}): Promise<Finding[]> {
  const found: Finding[] = [];
  await verifyDatabase(fixture.database, {
    keys: [fixture.publicKey],
    checkpoints: [],
    report: (finding) => found.push(finding),
    ...options,
  });
  return found;
}

/** Kind, position and event of each, of this chain only. */
const named = (found: readonly Finding[]) =>
  found.map((finding) => {
    expect(finding.chain).toBe(chain);
    return [finding.kind, finding.position, finding.eventId];
  });

const id = (position: number) => ids[position - 1] ?? "";

it("finds nothing in a log that nobody has touched, also while events are not sealed yet", async () => {
  await appendSome(fixture.database, fixture.workspaces, 3);
  const found: Finding[] = [];
  const verified = await verifyDatabase(fixture.database, {
    keys: null,
    checkpoints: kept,
    report: (finding) => found.push(finding),
  });
  expect(found).toEqual([]);
  expect(verified).toMatchObject({ chains: 3, events: 240, removed: 0, unsealed: 3 });
});

it.each([
  "payload = '{}'",
  "actor_name = 'Eve'",
  "at = at + interval '1 microsecond'",
  "address = null",
  "reason = 'x'",
])("names the event that was edited: %s", async (change) => {
  await query(sql`update events set ${sql.raw(change)} where id = ${id(17)}::bigint`);
  expect(named(await findings())).toEqual([["EDITED", 17, id(17)]]);
});

it("names an event that was moved into another workspace", async () => {
  await query(sql`update events set workspace_id = ${fixture.workspaces[1]} where id = ${id(3)}::bigint`);
  expect(named(await findings())).toEqual([["EDITED", 3, id(3)]]);
});

it("names events that were deleted", async () => {
  await query(sql`delete from events where id in (${id(5)}::bigint, ${id(80)}::bigint)`);
  expect(named(await findings())).toEqual([
    ["DELETED", 5, id(5)],
    ["DELETED", 80, id(80)],
  ]);
});

it("names the places of a deleted block", async () => {
  const [block] = await query(sql`
    with gone as (delete from audit_blocks where chain_id = ${chain} and number = 3 returning *)
    select first_position::text as first, (first_position + size - 1)::text as last, event_ids[1]::text as event from gone`);
  await query(sql`delete from events where id = ${block?.["event"]}::bigint`);
  const found = await findings();
  expect(found.filter(({ kind }) => kind === "DELETED")).toMatchObject([
    { chain, position: Number(block?.["first"]), message: expect.stringContaining(`to ${block?.["last"]} are gone`) },
  ]);
  // What is left of its events is in no chain any more.
  expect(found.filter(({ kind }) => kind === "INSERTED")).toHaveLength(
    Number(block?.["last"]) - Number(block?.["first"]),
  );
});

it("names events whose places in the chain were swapped, without their hashes and with them", async () => {
  const swap = (withHashes: boolean) =>
    query(sql`
    update audit_blocks set event_ids = array[event_ids[2], event_ids[1]] || event_ids[3:]
      ${withHashes ? sql`, hashes = substr(hashes, 33, 32) || substr(hashes, 1, 32) || substr(hashes, 65)` : sql``}
    where chain_id = ${chain} and number = 2`);
  const [row] = await query(
    sql`select first_position::text as at from audit_blocks where chain_id = ${chain} and number = 2`,
  );
  const at = Number(row?.["at"]);
  const expected = [
    ["REORDERED", at, id(at + 1)],
    ["REORDERED", at + 1, id(at)],
  ];
  await swap(false);
  expect(named(await findings())).toEqual(expected);
  await swap(false);
  expect(await findings()).toEqual([]);
  await swap(true);
  expect(named(await findings())).toEqual(expected);
});

it("names events that have swapped their ids", async () => {
  await query(sql`create table moved as select * from events where id in (${id(20)}::bigint, ${id(60)}::bigint)`);
  await query(sql`delete from events where id in (${id(20)}::bigint, ${id(60)}::bigint)`);
  await query(sql`update moved set id = ${id(20)}::bigint + ${id(60)}::bigint - id`);
  await query(sql`insert into events select * from moved`);
  expect(named(await findings())).toEqual([
    ["REORDERED", 20, id(20)],
    ["REORDERED", 60, id(60)],
  ]);
});

it("names an event that was inserted among old ones", async () => {
  await query(sql`create table copied as select * from events where id = ${id(10)}::bigint`);
  // A number that no event has, in a transaction that is long past.
  await query(sql`update copied set id = 4000000`);
  await query(sql`insert into events select * from copied`);
  expect(named(await findings())).toEqual([["INSERTED", null, "4000000"]]);
});

it("names an event that was put into the log later as if it were old", async () => {
  await query(sql`create table copied as select * from events where id = ${id(11)}::bigint`);
  await query(sql`update copied set id = 1, at = at - interval '1 hour'`);
  await query(sql`insert into events select * from copied`);
  await query(sql`update events set xid = pg_current_xact_id() where id = 1`);
  await sealAll(fixture.sealer());
  expect(named(await findings())).toEqual([["BACKDATED", 81, "1"]]);
});

it("names an event that takes the place of a deleted one and was sealed again", async () => {
  await query(sql`update events set reason = 'x', xid = pg_current_xact_id() where id = ${id(10)}::bigint`);
  await sealAll(fixture.sealer());
  expect(named(await findings())).toEqual([
    ["INSERTED", 81, id(10)],
    ["EDITED", 10, id(10)],
  ]);
});

it("names a chain that was cut off at its end, with its blocks, and by a kept checkpoint also with its checkpoints", async () => {
  const cut = await query(sql`
    with gone as (delete from audit_blocks where chain_id = ${chain} and number > 4 returning event_ids)
    select unnest(event_ids)::text as id from gone`);
  await query(sql`delete from events where id = any(${sql.param(cut.map((row) => row["id"]))}::bigint[])`);
  const left = 80 - cut.length;
  const truncated = (await findings()).filter(({ kind }) => kind === "TRUNCATED");
  expect(truncated.map(({ position }) => position)).toContain(80);
  expect(truncated[0]?.message).toContain(`ends at position ${left}`);
  await query(sql`delete from audit_checkpoints where chain_id = ${chain} and position > ${left}`);
  expect(await findings()).toEqual([]);
  const found = await findings({ checkpoints: kept });
  expect(named(found)).toContainEqual(["TRUNCATED", 80, id(80)]);
  expect(found.every(({ kind }) => kind === "TRUNCATED")).toBe(true);
});

it("finds a chain that is gone as a whole, by a kept checkpoint", async () => {
  for (const table of ["audit_blocks", "audit_checkpoints"])
    await query(sql`delete from ${sql.raw(table)} where chain_id = ${chain}`);
  await query(sql`delete from events where workspace_id = ${chain}`);
  expect(await findings()).toEqual([]);
  expect((await findings({ checkpoints: kept })).map(({ kind }) => kind)).toContain("TRUNCATED");
});

/** Edits an event and gives the whole chain hashes that fit. */
async function rewriteChain(): Promise<void> {
  await query(sql`update events set actor_name = 'Somebody else' where id = ${id(40)}::bigint`);
  const blocks = await fixture.database.query<{ number: string; ids: string[] }>(
    sql`select number::text as number, event_ids::text[] as ids from audit_blocks b where chain_id = ${chain} order by b.number`,
  );
  let hash: Buffer = NO_HASH;
  for (const block of blocks) {
    const records = await readRecords(fixture.database, block.ids);
    const previous = hash;
    const hashes = block.ids.map((each) => (hash = chainHash(hash, canonicalText(records.get(each)!))));
    await query(sql`
      update audit_blocks set hashes = ${Buffer.concat(hashes)}, previous_hash = ${previous} where chain_id = ${chain} and number = ${block.number}::bigint`);
  }
}

it("finds a chain that was written anew, by the first checkpoint that it no longer fits", async () => {
  await rewriteChain();
  const found = await findings();
  expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(["REWRITTEN"]));
  expect(Math.min(...found.map(({ position }) => position ?? 0))).toBe(40);
});

it("is not taken in by a chain whose checkpoints were written anew too", async () => {
  await rewriteChain();
  const [hash] = await query(sql`
    select encode(substr(hashes, 32 * size - 31, 32), 'hex') as hash from audit_blocks where chain_id = ${chain} order by number desc limit 1`);
  // Beside the signature.
  await query(
    sql`update audit_checkpoints set hash = decode(${hash?.["hash"]}, 'hex') where chain_id = ${chain} and position = 80`,
  );
  expect(await findings()).toContainEqual(expect.objectContaining({ kind: "FORGED_CHECKPOINT", chain, position: 80 }));
  // With a key of the forger's own: it holds as long as one trusts the keys in the database.
  await query(sql`delete from audit_checkpoints where chain_id = ${chain}`);
  const forger = await newSigner(fixture.database);
  const [head] = (await readHeads(fixture.database, [chain])).values();
  await recordCheckpoint(fixture.database, forger.signer, {
    chain,
    position: 80,
    block: head!.number,
    eventId: head!.lastEventId,
    hash: head!.hash.toString("hex"),
  });
  expect(await findings({ keys: null })).toEqual([]);
  expect(await findings()).toMatchObject([{ kind: "FORGED_CHECKPOINT", chain, position: 80 }]);
  expect((await findings({ keys: null, checkpoints: kept })).map(({ kind }) => kind)).toContain("REWRITTEN");
});

it("finds a checkpoint whose signature was changed, or that says it needs none", async () => {
  const [, payload, signature = ""] = (kept[0] ?? "").split(".");
  const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`;
  const damaged = (kept[0] ?? "").replace(
    signature,
    signature.replace(/^./, (letter) => (letter === "A" ? "B" : "A")),
  );
  for (const forged of [unsigned, damaged, "nonsense"])
    expect(await findings({ checkpoints: [forged] })).toMatchObject([{ kind: "FORGED_CHECKPOINT" }]);
});

it("misses the checkpoints of a long part of a chain", async () => {
  await query(sql`delete from audit_checkpoints`);
  const heads = await readHeads(fixture.database, [chain]);
  const [head] = heads.values();
  const record = (await readRecords(fixture.database, [id(1)])).get(id(1))!;
  // Of blocks alone: their events were never there.
  const block = chainEvents(
    Array.from({ length: 25_001 - 80 }, () => record),
    heads,
  )[0]!;
  await query(sql`
    insert into audit_blocks (chain_id, number, first_position, size, event_ids, hashes, previous_hash)
    values (${chain}, ${block.head.number}, 81, ${block.eventIds.length}, array_fill(900000::bigint, array[${block.eventIds.length}::int]), ${block.hashes}, ${head!.hash})`);
  expect(hashAt(block.hashes, 0)).toHaveLength(32);
  expect((await findings()).map(({ kind }) => kind)).toContain("UNSIGNED");
});

it("knows what a signature is worth: none of another kind is taken", async () => {
  const { generateKeyPair, exportJWK } = await import("jose");
  const pair = await generateKeyPair("EdDSA");
  const claims = { chain, position: 1, block: 1, eventId: "1", hash: "0".repeat(64), at: new Date().toISOString() };
  const other = await signCheckpoint(claims, { id: "other", privateKey: pair.privateKey });
  const keys = [{ ...(await exportJWK(pair.publicKey)), kid: "mine" }];
  expect(
    (await findings({ checkpoints: [other], keys: [fixture.publicKey, ...keys] })).map(({ kind }) => kind),
  ).toEqual(["FORGED_CHECKPOINT"]);
});
