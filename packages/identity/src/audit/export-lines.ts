import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { verificationKeys } from "../signing-keys.ts";
import { canonicalText } from "./event-record.ts";
import { readEntries } from "./read-entries.ts";

/** What the first line of an export says it is. */
export const EXPORT_FORMAT = "muster-audit";
export const EXPORT_VERSION = 1;
/** So many places of a chain go out together. */
const LINES = 200;

const checkpointsAfter = statement<{ chain: string; position: string; signature: string }>(`
  select p.chain_id as chain, p.position::text as position, p.signature from audit_checkpoints p
  where ($1::uuid[] is null or p.chain_id = any($1)) and (p.chain_id, p.position) > ($2::uuid, $3::bigint)
  order by p.chain_id, p.position limit 500`);

const chainsOf = statement<{ id: string }>(
  "select distinct chain_id as id from audit_blocks where $1::uuid[] is null or chain_id = any($1) order by chain_id",
);

/**
 * The signed checkpoints of these chains (null: of all) as lines of JSON: first the keys that they can be checked with, then one for each.
 * Whoever keeps them elsewhere can tell later whether a chain was changed.
 */
export async function* checkpointLines(
  connection: Connection,
  chainIds: readonly string[] | null,
): AsyncGenerator<string> {
  const keys = await verificationKeys(connection, "AUDIT");
  yield line({ format: EXPORT_FORMAT, version: EXPORT_VERSION, keys });
  let after = ["00000000-0000-0000-0000-000000000000", "-1"];
  while (true) {
    const page = await connection.run(checkpointsAfter, [chainIds, ...after]);
    const last = page.at(-1);
    if (!last) return;
    yield page.map(({ signature }) => line({ checkpoint: signature })).join("");
    after = [last.chain, last.position];
  }
}

/**
 * The whole of these chains (null: of all), as `checkpointLines` and then a line for each place: the event as it is hashed, the hash, and the
 * one before it. All that an auditor needs without the database. Several lines at a time.
 */
export async function* chainLines(connection: Connection, chainIds: readonly string[] | null): AsyncGenerator<string> {
  yield* checkpointLines(connection, chainIds);
  for (const { id: chain } of await connection.run(chainsOf, [chainIds])) {
    let lines: string[] = [];
    for await (const { position, eventId, previous, hash, record } of readEntries(connection, chain)) {
      const place = JSON.stringify({
        chain,
        position,
        eventId,
        previous: previous.toString("hex"),
        hash: hash.toString("hex"),
      });
      lines.push(`${place.slice(0, -1)},"event":${record ? canonicalText(record) : "null"}}\n`);
      if (lines.length < LINES) continue;
      yield lines.join("");
      lines = [];
    }
    if (lines.length > 0) yield lines.join("");
  }
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
