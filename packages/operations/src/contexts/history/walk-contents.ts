import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { applyInPlace, type JsonPatchOperation } from "@muster/domain/json-patch.ts";
import type { Json } from "@muster/domain/json.ts";
import { contextScopeOf, inContextScope } from "../context-scope.ts";
import { hashOfText, prepareData } from "../versions/data-hash.ts";
import type { Turns } from "./turns.ts";

/** Names the data of a context. */
export interface DataKey {
  readonly contextId: string;
  readonly dataHash: string;
}

/** What a walk comes to: the data, which changes when the walk goes on, and its size as canonical JSON. Null: it is not what was written. */
export type Visit = (key: DataKey, found: { readonly data: Json; readonly sizeBytes: number } | null) => void;

interface Row extends DataKey {
  readonly baseHash: string | null;
  readonly depth: number;
  readonly body: string;
}

/**
 * SQL: the columns of the one content of a context with this hash, to be joined. Looked up by its key, whatever the planner thinks of
 * how much there is: a join it may turn round, and go through all contents of the context for each.
 */
export function contentByHash(contextId: string, dataHash: string, columns: string): string {
  return `lateral (select ${columns} from context_contents k where k.context_id = ${contextId} and k.data_hash = ${dataHash} limit 1)`;
}

/** Each content once, whatever is made of it. Depths have to fall, as where a single version is read. */
const neededContents = statement<Row>(`
  with recursive needed as (
    select c.id as context_id, k.data_hash, k.base_hash, k.depth
    from unnest($1::uuid[], $2::text[]) as wanted(context_id, data_hash)
    join contexts c on c.id = wanted.context_id and ${inContextScope("c", 3)}
    cross join ${contentByHash("wanted.context_id", "wanted.data_hash", "k.data_hash, k.base_hash, k.depth")} k
    union
    select n.context_id, k.data_hash, k.base_hash, k.depth
    from needed n cross join ${contentByHash("n.context_id", "n.base_hash", "k.data_hash, k.base_hash, k.depth")} k
    where k.depth < n.depth
  )
  select n.context_id as "contextId", n.data_hash as "dataHash", n.base_hash as "baseHash", n.depth, k.body
  from needed n cross join ${contentByHash("n.context_id", "n.data_hash", "k.body")} k`);

/**
 * Visits each of the data once, in any order, as it is read: checked against its hash. Patches that many have in common are applied
 * once, so a walk over a thousand versions that follow each other costs little more than their checking. Gives how many bytes it read.
 */
export async function walkContents(
  connection: Connection,
  caller: Caller,
  wanted: readonly DataKey[],
  visit: Visit,
  turns: Turns,
): Promise<number> {
  const left = new Map(wanted.map((key) => [keyOf(key), key]));
  const values = [[...left.values()].map((key) => key.contextId), [...left.values()].map((key) => key.dataHash)];
  const rows = await connection.run(neededContents, [...values, ...contextScopeOf(caller)]);
  const next = Map.groupBy(rows, (row) => keyOf({ ...row, dataHash: row.baseHash ?? "" }));
  const ready: { readonly row: Row; readonly base: Json }[] = [];
  for (const row of rows) if (row.baseHash === null) ready.push({ row, base: null });
  for (let step = ready.pop(); step; step = ready.pop()) {
    const { row, base } = step;
    const data = dataOf(row, base);
    if (data === undefined) continue;
    if (left.has(keyOf(row))) {
      const sizeBytes = verifiedSize(row, data);
      if (sizeBytes !== null && left.delete(keyOf(row))) visit(row, { data, sizeBytes });
    }
    // Whoever comes last may have the data for itself.
    const patches = (next.get(keyOf(row)) ?? []).filter((patch) => patch.depth > row.depth);
    for (const [at, patch] of patches.entries()) {
      ready.push({ row: patch, base: at === 0 ? data : structuredClone(data) });
    }
    await turns.next();
  }
  for (const key of left.values()) visit(key, null);
  return rows.reduce((bytes, row) => bytes + row.body.length, 0);
}

function keyOf({ contextId, dataHash }: DataKey): string {
  return `${contextId}@${dataHash}`;
}

/** undefined where the body is no JSON any more, or does not apply. */
function dataOf({ baseHash, body }: Row, base: Json): Json | undefined {
  try {
    const parsed = JSON.parse(body) as Json;
    return baseHash === null ? parsed : applyInPlace(base, parsed as unknown as JsonPatchOperation[]);
  } catch {
    return undefined;
  }
}

/** The data's size, null when it does not have the row's hash. */
function verifiedSize({ baseHash, body, dataHash }: Row, data: Json): number | null {
  if (baseHash === null && hashOfText(body) === dataHash) return Buffer.byteLength(body);
  const prepared = prepareData(data);
  return prepared.hash === dataHash ? prepared.sizeBytes : null;
}
