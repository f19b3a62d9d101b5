import type { Caller } from "@muster/domain/actor.ts";
import { NotFound, type VersionTampered } from "@muster/domain/errors.ts";
import { diffJson } from "@muster/domain/json-diff.ts";
import type { JsonPatchOperation } from "@muster/domain/json-patch.ts";
import type { Runtime } from "../../runtime.ts";
import {
  type EachVersionData,
  getEachVersion,
  getEachVersionData,
  type UnreadableVersion,
  type VersionKey,
} from "./version-queries.ts";
import type { ContextVersion } from "./version-row.ts";

/**
 * What turns one version's data into another's, as a JSON Patch (RFC 6902), in each of the contexts. `NotFound` is in the place
 * of one where either does not exist, and the error of one that was tampered with in its own.
 */
export async function diffVersions(
  runtime: Runtime,
  caller: Caller,
  contextIds: readonly string[],
  from: number,
  to: number,
): Promise<ReadonlyMap<string, JsonPatchOperation[] | NotFound | UnreadableVersion>> {
  const keys = contextIds.flatMap((contextId) => [from, to].map((number) => ({ contextId, number })));
  const found = Map.groupBy(await getEachVersionData(runtime, caller, keys), (version) => version.contextId);
  return new Map(contextIds.map((contextId) => [contextId, diffOf(found.get(contextId) ?? [], from, to)]));
}

function diffOf(found: readonly EachVersionData[], from: number, to: number) {
  const [older, newer] = [from, to].map((number) => found.find((version) => version.number === number));
  if (!older || !newer) return new NotFound("context version");
  if ("error" in older) return older.error;
  return "error" in newer ? newer.error : diffJson(older.data, newer.data);
}

/** Two versions, of one context or of two. */
export interface VersionPair {
  readonly from: ContextVersion;
  readonly to: ContextVersion;
}

/**
 * The records of each two versions, in the same order. `NotFound` is in the place of a pair that the caller does not see both of, and
 * the error of a version that was tampered with in that of its pair. Their data is not read.
 */
export async function pairVersions(
  runtime: Runtime,
  caller: Caller,
  pairs: readonly (readonly [from: VersionKey, to: VersionKey])[],
): Promise<(VersionPair | NotFound | VersionTampered)[]> {
  const versions = await getEachVersion(runtime, caller, pairs.flat());
  const find = (key: VersionKey) =>
    versions.find((version) => version.contextId === key.contextId && version.number === key.number);
  return pairs.map((pair) => {
    const [from, to] = [find(pair[0]), find(pair[1])];
    if (!from || !to) return new NotFound("context version");
    if (from instanceof Error) return from;
    return to instanceof Error ? to : { from, to };
  });
}
