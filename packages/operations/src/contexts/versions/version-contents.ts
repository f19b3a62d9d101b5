import { diffJson } from "@muster/domain/json-diff.ts";
import { applyInPlace, equalJson, type JsonPatchOperation } from "@muster/domain/json-patch.ts";
import type { Json } from "@muster/domain/json.ts";
import { hashOfText, prepareData, type PreparedData } from "./data-hash.ts";

/** A version is at most so many patches away from a snapshot. */
export const LONGEST_CHAIN = 100;
/** A patch is worth it when it is at most this part of the data. */
const CLEARLY_SMALLER = 0.5;

/** How data is stored: a snapshot, or a patch of other data of the same context. */
export interface Content {
  /** JSON on one line. */
  readonly body: string;
  readonly baseHash: string | null;
  readonly depth: number;
  readonly chainBytes: number;
}

/** Data that is stored, and how far its chain goes. */
export interface StoredData {
  readonly data: Json;
  readonly dataHash: string;
  readonly depth: number;
  readonly chainBytes: number;
}

/**
 * How to store new data: as a patch of `base` where that is clearly smaller and keeps the chain short, so that reading any version
 * costs one snapshot and patches of no more bytes than it; else as a snapshot. Uses the base's data up.
 */
export function contentOf(prepared: PreparedData, base: StoredData | null): Content {
  const snapshot = { body: prepared.text, baseHash: null, depth: 0, chainBytes: 0 };
  if (base === null || base.depth >= LONGEST_CHAIN || base.dataHash === prepared.hash) return snapshot;
  const body = JSON.stringify(diffJson(base.data, prepared.data));
  const bytes = Buffer.byteLength(body);
  const chainBytes = base.chainBytes + bytes;
  if (bytes > prepared.sizeBytes * CLEARLY_SMALLER || chainBytes > prepared.sizeBytes) return snapshot;
  // What is kept as a patch alone has to come back from it.
  if (!equalJson(applyInPlace(base.data, JSON.parse(body) as JsonPatchOperation[]), prepared.data)) return snapshot;
  return { body, baseHash: base.dataHash, depth: base.depth + 1, chainBytes };
}

/** Between the bodies of a chain: no JSON on one line has this character. */
const SEPARATOR = "\n";

/**
 * The data with this hash, from the bodies of its chain as `chainColumn` gives them. Null when they do not lead to it: somebody
 * changed them.
 */
export function dataOfChain(chain: string, dataHash: string): Json | null {
  try {
    const [snapshot = "", ...patches] = chain.split(SEPARATOR);
    let data = JSON.parse(snapshot) as Json;
    if (patches.length === 0 && hashOfText(snapshot) === dataHash) return data;
    for (const patch of patches) data = applyInPlace(data, JSON.parse(patch) as JsonPatchOperation[]);
    return prepareData(data).hash === dataHash ? data : null;
  } catch {
    return null;
  }
}

/**
 * An SQL expression: the bodies from the snapshot to the data of the version `alias`, as `dataOfChain` takes them; null when it has
 * none. Depths have to fall, so that no change of a row can make it endless.
 */
export function chainColumn(alias: string): string {
  return `(
    with recursive chain as (
      select k.base_hash, k.depth, k.body from context_contents k where k.context_id = ${alias}.context_id and k.data_hash = ${alias}.data_hash
      union all
      -- One row at a time by its key, whatever the planner believes of the table: a join reads all data of the context for each step.
      select k.base_hash, k.depth, k.body from chain
      cross join lateral (
        select base_hash, depth, body from context_contents
        where context_id = ${alias}.context_id and data_hash = chain.base_hash and depth < chain.depth limit 1) k
    )
    select string_agg(body, E'\\n' order by depth) from chain)`;
}
