import type { Connection, Database } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { isSealed, sealedPosition } from "@muster/events/sealed-position.ts";
import { sql } from "drizzle-orm";
import type { CheckpointKeys } from "../checkpoint.ts";
import { readEntries } from "../read-entries.ts";
import { verificationKeys } from "../../signing-keys.ts";
import { ChainWalk } from "./chain-walk.ts";
import { EventNumbers } from "./event-numbers.ts";
import type { Report } from "./finding.ts";
import { KnownCheckpoints } from "./known-checkpoints.ts";

const SCAN_PAGE = 20_000;

export interface VerifyOptions {
  /** The only keys to trust; null: those that stand beside the chains, which whoever could change these could change too. */
  readonly keys: CheckpointKeys | null;
  /** Checkpoints that were kept elsewhere. */
  readonly checkpoints: readonly string[];
  readonly report: Report;
  readonly onProgress?: (done: number, total: number) => void;
}

/** How much was looked at. */
export interface Verified {
  readonly chains: number;
  readonly events: number;
  /** By retention, as signed checkpoints let it. */
  readonly removed: number;
  /** Too new to be in a chain. */
  readonly unsealed: number;
  readonly checkpoints: number;
}

const allChains = statement<{ id: string; size: string }>(
  "select chain_id as id, sum(size)::text as size from audit_blocks group by chain_id order by chain_id",
);

const storedCheckpoints = statement<{ chain: string; position: string; hash: string; signature: string }>(`
  select p.chain_id as chain, p.position::text as position, encode(p.hash, 'hex') as hash, p.signature from audit_checkpoints p
  where (p.chain_id, p.position) > ($1::uuid, $2::bigint) order by p.chain_id, p.position limit 1000`);

/**
 * Compares the events of a database with the chains over them, and these with the checkpoints. Reads one state of it, however long
 * that takes, changes nothing, and holds little in memory.
 */
export async function verifyDatabase(database: Database, options: VerifyOptions): Promise<Verified> {
  return database.transaction(async (transaction) => {
    await transaction.query(sql`set transaction isolation level repeatable read read only`);
    await transaction.query(sql`set local statement_timeout = 0`);
    const { report, onProgress } = options;
    const keys = options.keys ?? (await verificationKeys(transaction, "AUDIT"));
    const checkpoints = new KnownCheckpoints(keys, report);
    for (const jws of options.checkpoints) await checkpoints.add(jws);
    const stored = await addStored(transaction, checkpoints);

    const chains = await transaction.run(allChains, []);
    const total = chains.reduce((sum, { size }) => sum + Number(size), 0);
    const numbers = new EventNumbers();
    let [events, removed] = [0, 0];
    const all = new Set([...chains.map(({ id }) => id), ...checkpoints.chains]);
    for (const chain of all) {
      const walk = new ChainWalk(chain, checkpoints.of(chain), report);
      for await (const entry of readEntries(transaction, chain)) {
        walk.add(entry);
        const { position, eventId } = entry;
        if (!numbers.add(BigInt(eventId)))
          report({
            kind: "INSERTED",
            chain,
            position,
            eventId,
            message: `The event ${eventId} is in the chains twice.`,
          });
        events += 1;
        if (events % 10_000 === 0) onProgress?.(events, total);
      }
      walk.end();
      removed += walk.removed;
    }
    const unsealed = await reportUnsealed(transaction, numbers, report);
    return { chains: all.size, events, removed, unsealed, checkpoints: stored + options.checkpoints.length };
  });
}

async function addStored(connection: Connection, checkpoints: KnownCheckpoints): Promise<number> {
  let after: [string, string] = ["00000000-0000-0000-0000-000000000000", "-1"];
  for (let count = 0; ;) {
    const page = await connection.run(storedCheckpoints, after);
    for (const { chain, position, hash, signature } of page) {
      await checkpoints.add(signature, { chain, position: Number(position), hash });
      after = [chain, position];
    }
    count += page.length;
    if (page.length === 0) return count;
  }
}

/** Reports events that are in no chain although the sealer was past them; gives how many it has not come to. */
async function reportUnsealed(connection: Connection, numbers: EventNumbers, report: Report): Promise<number> {
  const sealed = await sealedPosition(connection);
  let [last, unsealed] = ["-1", 0];
  while (true) {
    const page = await connection.query<{ id: string; xid: string; chain: string | null; type: string }>(sql`
      select e.id::text as id, e.xid::text as xid, e.workspace_id as chain, e.type from events e
      where e.id > ${last}::bigint order by e.id limit ${sql.raw(`${SCAN_PAGE}`)}`);
    for (const event of page) {
      if (numbers.has(BigInt(event.id))) continue;
      if (!isSealed(sealed, event)) unsealed += 1;
      else
        report({
          kind: "INSERTED",
          chain: event.chain,
          position: null,
          eventId: event.id,
          message: `The event ${event.id} (${event.type}) is in no chain, although later ones are.`,
        });
    }
    last = page.at(-1)?.id ?? last;
    if (page.length < SCAN_PAGE) return unsealed;
  }
}
