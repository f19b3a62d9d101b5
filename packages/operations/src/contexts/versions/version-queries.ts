import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput, VersionPruned, VersionTampered } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { authorize } from "../../authorize.ts";
import type { Runtime } from "../../runtime.ts";
import { callingAgent, contextScopeOf, inContextScope } from "../context-scope.ts";
import { parsePointer, valueAt } from "@muster/domain/json-pointer.ts";
import { recordReader } from "../record-reader.ts";
import { orTampered } from "./or-tampered.ts";
import { chainColumn, type StoredData } from "./version-contents.ts";
import { type ContextVersion, dataOfVersion, verifyVersion, versionColumns } from "./version-row.ts";

/** Names one version. */
export interface VersionKey {
  readonly contextId: string;
  readonly number: number;
}

/** Looked up for the rows of the page only: a join would read the whole history. */
const PARENT_HASH =
  "(select parent.hash from context_versions parent where parent.context_id = v.context_id and parent.number = v.parent)";
/** Select list of a `ContextVersion`: a row `v` of `context_versions`. */
export const VERSION_COLUMNS = versionColumns("v", PARENT_HASH);
const NAMED = `
  unnest($1::uuid[], $2::int[]) as wanted(context_id, number)
  join context_versions v on v.context_id = wanted.context_id and v.number = wanted.number
  join contexts c on c.id = v.context_id and ${inContextScope("c", 3)}`;

const versionsByKey = statement<ContextVersion>(`select ${VERSION_COLUMNS} from ${NAMED}`);
/** A version as read from `context_versions v` with `DATA_COLUMNS`, of a join with `CONTENT`. */
export type DataRow = ContextVersion & {
  readonly depth: number | null;
  readonly chainBytes: number | null;
  readonly chain: string | null;
};
export const DATA_COLUMNS = `${VERSION_COLUMNS}, k.depth, k.chain_bytes as "chainBytes", ${chainColumn("v")} as chain`;
export const CONTENT = "left join context_contents k on k.context_id = v.context_id and k.data_hash = v.data_hash";
const versionDataByKey = statement<DataRow>(`select ${DATA_COLUMNS} from ${NAMED} ${CONTENT}`);

function keyValues(caller: Caller, keys: readonly VersionKey[]): unknown[] {
  return [keys.map((key) => key.contextId), keys.map((key) => key.number), ...contextScopeOf(caller)];
}

/** The version, or null when there is none or the caller may not see it. */
export async function loadVersion(
  connection: Connection,
  caller: Caller,
  key: VersionKey,
): Promise<ContextVersion | null> {
  const [version] = await connection.run(versionsByKey, keyValues(caller, [key]));
  return version ? verifyVersion(version) : null;
}

/** Those of the versions that exist and that the caller may see, in any order. */
export async function getVersions(
  runtime: Runtime,
  caller: Caller,
  keys: readonly VersionKey[],
): Promise<ContextVersion[]> {
  return (await getEachVersion(runtime, caller, keys)).map((version) => {
    if (version instanceof Error) throw version;
    return version;
  });
}

/** The same, where one that was tampered with does not keep the others from being read: its error is in its place. */
export async function getEachVersion(
  runtime: Runtime,
  caller: Caller,
  keys: readonly VersionKey[],
): Promise<(ContextVersion | VersionTampered)[]> {
  caller = authorize(caller, "context.read");
  const versions = await runtime.database.run(versionsByKey, keyValues(caller, keys));
  return versions.map((version) => orTampered(() => verifyVersion(version)));
}

/** A version's name and data. */
export interface VersionData extends VersionKey, StoredData {
  readonly sizeBytes: number;
}

/** Why a version's data cannot be had. */
export type UnreadableVersion = VersionTampered | VersionPruned;
export type EachVersionData = VersionData | (VersionKey & { readonly error: UnreadableVersion });

/** The row's data, verified: throws `VersionTampered` and `VersionPruned`. */
export function dataOfRow({ chain, depth, chainBytes, ...version }: DataRow): VersionData {
  const { contextId, number, dataHash, sizeBytes } = version;
  return {
    contextId,
    number,
    dataHash,
    sizeBytes,
    data: dataOfVersion(version, chain),
    depth: depth ?? 0,
    chainBytes: chainBytes ?? 0,
  };
}

/** The one place where stored data is read: verified, of the versions that exist and that the caller may see. */
export async function loadVersionData(
  connection: Connection,
  caller: Caller,
  keys: readonly VersionKey[],
): Promise<VersionData[]> {
  return (await connection.run(versionDataByKey, keyValues(caller, keys))).map(dataOfRow);
}

/**
 * The data of those versions that exist and that the caller may see, in any order. Read with an agent's own credentials,
 * that agent counts as a user of the context from now on.
 */
export async function getVersionData(
  runtime: Runtime,
  caller: Caller,
  keys: readonly VersionKey[],
): Promise<VersionData[]> {
  return (await getEachVersionData(runtime, caller, keys)).map((each) => {
    if ("error" in each) throw each.error;
    return each;
  });
}

/** The same, where one that cannot be read does not keep the others from being read: its error is in its place. */
export async function getEachVersionData(
  runtime: Runtime,
  caller: Caller,
  keys: readonly VersionKey[],
): Promise<EachVersionData[]> {
  caller = authorize(caller, "context.read");
  const rows = await runtime.database.run(versionDataByKey, keyValues(caller, keys));
  const found = rows.map((row): EachVersionData => {
    try {
      return dataOfRow(row);
    } catch (error) {
      if (!(error instanceof VersionTampered || error instanceof VersionPruned)) throw error;
      return { contextId: row.contextId, number: row.number, error };
    }
  });
  const agentId = callingAgent(caller);
  const loaded = found.filter((each) => !("error" in each));
  if (agentId !== null) await recordReader(runtime.database, agentId, loaded);
  return found;
}

/**
 * The part of the data that a JSON Pointer (RFC 6901) names, null where there is nothing; without a pointer, all of it.
 * Throws `InvalidInput` for a malformed pointer.
 */
export function partOfData(data: Json, pointer: string | null | undefined): Json {
  return valueAt(data, tokensOf(pointer ?? "")) ?? null;
}

/** The reference tokens of a JSON Pointer that a caller gave. Throws `InvalidInput` for a malformed one. */
export function tokensOf(pointer: string): string[] {
  const tokens = parsePointer(pointer);
  if (!tokens) {
    throw new InvalidInput([
      {
        path: ["pointer"],
        message: "is not a JSON Pointer: it begins with '/', and '~' is written '~0'.",
      },
    ]);
  }
  return tokens;
}
