import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput, NotFound, VersionPruned } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { sql } from "drizzle-orm";
import { authorize } from "../authorize.ts";
import { type CountedPage, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
import { callingAgent, contextScopeOf, inContextScope } from "./context-scope.ts";
import { diffJson } from "@muster/domain/json-diff.ts";
import type { JsonPatchOperation } from "@muster/domain/json-patch.ts";
import { parsePointer, valueAt } from "@muster/domain/json-pointer.ts";
import { recordReader } from "./record-reader.ts";
import { TamperedVersionError } from "./tampered-version-error.ts";
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
const COLUMNS = versionColumns("v", PARENT_HASH);
const NAMED = `
  unnest($1::uuid[], $2::int[]) as wanted(context_id, number)
  join context_versions v on v.context_id = wanted.context_id and v.number = wanted.number
  join contexts c on c.id = v.context_id and ${inContextScope("c", 3)}`;

const versionsByKey = statement<ContextVersion>(`select ${COLUMNS} from ${NAMED}`);
type DataRow = ContextVersion & { readonly depth: number | null; readonly chainBytes: number | null; readonly chain: string | null };
const CHAIN = `k.depth, k.chain_bytes as "chainBytes", ${chainColumn("v")} as chain`;
const CONTENT = "left join context_contents k on k.context_id = v.context_id and k.data_hash = v.data_hash";
const versionDataByKey = statement<DataRow>(`select ${COLUMNS}, ${CHAIN} from ${NAMED} ${CONTENT}`);
const newestData = statement<DataRow>(`
  select ${COLUMNS}, ${CHAIN}
  from contexts c join context_versions v on v.context_id = c.id and v.number = c.current_version ${CONTENT}
  where c.id = $1 and ${inContextScope("c", 2)}`);

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
  authorize(caller, "context.read");
  const versions = await runtime.database.run(versionsByKey, keyValues(caller, keys));
  return versions.map(verifyVersion);
}

/** A version's name and data. */
export interface VersionData extends VersionKey, StoredData {}

/** Why a version's data cannot be had. */
export type UnreadableVersion = TamperedVersionError | VersionPruned;
type EachVersionData = VersionData | (VersionKey & { readonly error: UnreadableVersion });

function dataOfRow({ chain, depth, chainBytes, ...version }: DataRow): VersionData {
  const { contextId, number, dataHash } = version;
  return { contextId, number, dataHash, data: dataOfVersion(version, chain), depth: depth ?? 0, chainBytes: chainBytes ?? 0 };
}

/** The one place where stored data is read: verified, of the versions that exist and that the caller may see. */
export async function loadVersionData(
  connection: Connection,
  caller: Caller,
  keys: readonly VersionKey[],
): Promise<VersionData[]> {
  return (await connection.run(versionDataByKey, keyValues(caller, keys))).map(dataOfRow);
}

/** What new data of the context can be stored as a patch of. Null where there is nothing that could be relied on. */
export async function loadNewestData(
  connection: Connection,
  caller: Caller,
  contextId: string,
): Promise<VersionData | null> {
  const [row] = await connection.run(newestData, [contextId, ...contextScopeOf(caller)]);
  try {
    return row ? dataOfRow(row) : null;
  } catch (error) {
    if (error instanceof TamperedVersionError) return null;
    throw error;
  }
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
  authorize(caller, "context.read");
  const rows = await runtime.database.run(versionDataByKey, keyValues(caller, keys));
  const found = rows.map((row): EachVersionData => {
    try {
      return dataOfRow(row);
    } catch (error) {
      if (!(error instanceof TamperedVersionError || error instanceof VersionPruned)) throw error;
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
  const tokens = parsePointer(pointer ?? "");
  if (!tokens) {
    throw new InvalidInput([
      {
        path: ["pointer"],
        message: "is not a JSON Pointer: it begins with '/', and '~' is written '~0'.",
      },
    ]);
  }
  return valueAt(data, tokens) ?? null;
}

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

/**
 * A page of the versions of each context, the newest first; `heldOnly`: those that a rollback skipped and nobody has released.
 * The error of a version that was tampered with is in the place of its context's page.
 */
export async function listVersions(
  runtime: Runtime,
  caller: Caller,
  contextIds: readonly string[],
  filter: { readonly heldOnly?: boolean },
  page: PageArguments,
): Promise<ReadonlyMap<string, CountedPage<ContextVersion> | TamperedVersionError>> {
  authorize(caller, "context.read");
  const [workspace, project, agent] = contextScopeOf(caller);
  const found = await readPages<ContextVersion>(
    runtime.database,
    {
      columns: sql.raw(COLUMNS),
      from: sql`contexts c join context_versions v on v.context_id = c.id`,
      where: [
        sql`v.context_id = ${PARENT}`,
        sql`(${workspace}::uuid is null or c.workspace_id = ${workspace}) and (${project}::uuid is null or c.project_id = ${project})`,
        sql`(${agent}::uuid is null or c.agent_id is null or c.agent_id = ${agent})`,
        ...(filter.heldOnly ? [sql`v.held_since is not null`] : []),
      ],
      orderBy: [{ expression: sql`v.number`, type: "integer" }],
      direction: "DESC",
    },
    contextIds,
    page,
  );
  return new Map([...found].map(([contextId, versions]) => [contextId, verified(versions)]));
}

function verified(versions: CountedPage<ContextVersion>): CountedPage<ContextVersion> | TamperedVersionError {
  try {
    for (const { node } of versions.edges) verifyVersion(node);
    return versions;
  } catch (error) {
    if (error instanceof TamperedVersionError) return error;
    throw error;
  }
}
