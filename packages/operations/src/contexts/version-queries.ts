import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput, NotFound } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { sql } from "drizzle-orm";
import { authorize } from "../authorize.ts";
import { type CountedPage, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
import { callingAgent, contextScopeOf, inContextScope } from "./context-scope.ts";
import { diffJson } from "./json-diff.ts";
import type { JsonPatchOperation } from "./json-patch.ts";
import { parsePointer, valueAt } from "./json-pointer.ts";
import { recordReader } from "./record-reader.ts";
import { TamperedVersionError } from "./tampered-version-error.ts";
import { type ContextVersion, verifyData, verifyVersion, versionColumns } from "./version-row.ts";

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
const versionDataByKey = statement<ContextVersion & { data: Json }>(`select ${COLUMNS}, v.data from ${NAMED}`);

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
export interface VersionData extends VersionKey {
  readonly data: Json;
}

/** The one place where stored data is read: verified, of the versions that exist and that the caller may see. */
export async function loadVersionData(
  connection: Connection,
  caller: Caller,
  keys: readonly VersionKey[],
): Promise<VersionData[]> {
  const rows = await connection.run(versionDataByKey, keyValues(caller, keys));
  return rows.map(({ data, ...version }) => ({
    contextId: version.contextId,
    number: version.number,
    data: verifyData(version, data),
  }));
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
  authorize(caller, "context.read");
  const found = await loadVersionData(runtime.database, caller, keys);
  const agentId = callingAgent(caller);
  if (agentId !== null) await recordReader(runtime.database, agentId, found);
  return found;
}

/** The same, where one that was tampered with does not keep the others from being read: its error is in its place. */
export async function getEachVersionData(
  runtime: Runtime,
  caller: Caller,
  keys: readonly VersionKey[],
): Promise<(VersionData | TamperedVersionError)[]> {
  try {
    return await getVersionData(runtime, caller, keys);
  } catch (error) {
    if (!(error instanceof TamperedVersionError)) throw error;
    if (keys.length === 1) return [error];
    return (await Promise.all(keys.map((key) => getEachVersionData(runtime, caller, [key])))).flat();
  }
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
): Promise<ReadonlyMap<string, JsonPatchOperation[] | NotFound | TamperedVersionError>> {
  const keys = contextIds.flatMap((contextId) => [from, to].map((number) => ({ contextId, number })));
  const found = Map.groupBy(await getEachVersionData(runtime, caller, keys), (version) => version.contextId);
  return new Map(contextIds.map((contextId) => [contextId, diffOf(found.get(contextId) ?? [], from, to)]));
}

function diffOf(found: readonly (VersionData | TamperedVersionError)[], from: number, to: number) {
  const [older, newer] = [from, to].map((number) => found.find((version) => version.number === number));
  if (!older || !newer) return new NotFound("context version");
  if (older instanceof TamperedVersionError) return older;
  return newer instanceof TamperedVersionError ? newer : diffJson(older.data, newer.data);
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
