import type { Connection } from "@muster/database/database.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput, NotFound, VersionTampered } from "@muster/domain/errors.ts";
import { jsonIssues, type Json } from "@muster/domain/json.ts";
import { mergeJson } from "@muster/domain/json-merge.ts";
import { applyMergePatch } from "@muster/domain/json-merge-patch.ts";
import { applyPatch } from "@muster/domain/json-patch.ts";
import { type PreparedData, prepareData } from "./data-hash.ts";
import type { StoredData } from "./version-contents.ts";
import { versionConflict } from "./version-conflict.ts";
import { type DataRow, dataOfRow, loadVersionData, type VersionKey } from "./version-queries.ts";
import type { WriteRequest } from "./write-request.ts";

/** What a write comes to, before it is written. */
export interface DraftVersion {
  readonly data: PreparedData;
  /** What it can be stored as a patch of; null where there is nothing that could be relied on. */
  readonly base: StoredData | null;
  /** The newest version has to be this one; null: any. */
  readonly expectedVersion: number | null;
  readonly mergedFrom: number | null;
}

/**
 * What the request makes of the newest version. Throws `InvalidInput` for a patch that does not apply and for data that grows beyond
 * its limits, and `Conflict` with the paths when a merge is asked for and the changes touch.
 */
export async function draftVersion(
  connection: Connection,
  caller: Caller,
  request: WriteRequest,
  newest: DataRow | null,
): Promise<DraftVersion> {
  const { baseVersion, merge, change } = request;
  const number = newest?.number ?? 0;
  if (merge && baseVersion !== null && baseVersion < number)
    return merged(connection, caller, request, baseVersion, newest);
  if ("data" in change) {
    const expectedVersion = merge ? number : request.expectedVersion;
    return { data: change.data, base: newest && readableData(newest), expectedVersion, mergedFrom: null };
  }
  const base = newest && dataOfRow(newest);
  const data = checked(changed(request, base?.data ?? {}), request);
  return { data, base, expectedVersion: number, mergedFrom: null };
}

/** Data that somebody has tampered with is nothing to store other data by, and no reason to refuse it. */
function readableData(version: DataRow): StoredData | null {
  try {
    return dataOfRow(version);
  } catch (error) {
    if (error instanceof VersionTampered) return null;
    throw error;
  }
}

async function merged(
  connection: Connection,
  caller: Caller,
  request: WriteRequest,
  baseVersion: number,
  newest: DataRow | null,
): Promise<DraftVersion> {
  if (!newest) throw new TypeError("Without a version there is nothing to merge with.");
  const { contextId, number } = newest;
  const before = baseVersion === 0 ? {} : await dataOf(connection, caller, { contextId, number: baseVersion });
  const theirs = dataOfRow(newest);
  const merge = mergeJson(before, changed(request, before), theirs.data);
  if ("touching" in merge) {
    throw versionConflict({ contextId, expectedVersion: baseVersion, currentVersion: number, paths: merge.touching });
  }
  const data = checked(merge.data, request);
  return { data, base: theirs, expectedVersion: number, mergedFrom: baseVersion };
}

async function dataOf(connection: Connection, caller: Caller, key: VersionKey): Promise<Json> {
  const [version] = await loadVersionData(connection, caller, [key]);
  if (!version) throw new NotFound("context version");
  return version.data;
}

function changed({ change, limits }: WriteRequest, data: Json): Json {
  if ("data" in change) return change.data.data;
  return "patch" in change ? applyPatch(data, change.patch, limits) : applyMergePatch(data, change.mergePatch);
}

function checked(data: Json, { change, limits }: WriteRequest): PreparedData {
  const path = Object.keys(change);
  const issues =
    data === null ? [{ path, message: "must leave data: use {} for none." }] : jsonIssues(data, path, limits);
  if (issues.length > 0) throw new InvalidInput(issues);
  return prepareData(data);
}
