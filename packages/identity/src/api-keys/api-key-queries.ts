import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { API_KEY_KINDS, type ApiKeyKind } from "@muster/domain/api-key.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { authorize, authorizeInstallation } from "@muster/operations/authorize.ts";
import { parseInput, text } from "@muster/operations/input.ts";
import { type CountedPage, type ListQuery, type Pages, PARENT, readPages } from "@muster/operations/page-query.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { type SQL, sql } from "drizzle-orm";
import { type ApiKey, apiKeyColumns, type ApiKeyState, stateOf } from "./api-key.ts";
import { keyInReach, keyReach, keyWithinReach } from "./key-reach.ts";

/** Which keys: all that is given has to hold. */
export interface ApiKeyFilter {
  readonly projectId?: string | null | undefined;
  readonly kind?: ApiKeyKind | null | undefined;
  readonly state?: ApiKeyState | null | undefined;
  /** Part of the name, in any case: up to 200 characters. */
  readonly search?: string | null | undefined;
}

interface Listing {
  readonly filter: ApiKeyFilter;
  readonly page: PageArguments;
}

const keysById = statement<ApiKey>(
  `select ${apiKeyColumns("k")} from api_keys k where k.id = any($1::uuid[]) and ${keyInReach(2)}`,
);

/** The keys with these ids that the caller may see, in any order. */
export async function getApiKeys(runtime: Runtime, caller: Caller, ids: readonly string[]): Promise<ApiKey[]> {
  caller = authorize(caller, "key.read");
  return runtime.database.run(keysById, [ids, ...keyReach(caller, "key.read")]);
}

/** A page of the keys of each workspace, the newest first; those of the whole installation are not among them. */
export async function listApiKeys(
  runtime: Runtime,
  caller: Caller,
  workspaceIds: readonly string[],
  { filter, page }: Listing,
): Promise<Pages<ApiKey>> {
  caller = authorize(caller, "key.read");
  const where = [sql`k.workspace_id = ${PARENT}`, keyWithinReach(caller, "key.read")];
  return readPages<ApiKey>(runtime.database, listOf(where, filter), workspaceIds, page);
}

/** The keys of the whole installation hang on no workspace. */
const INSTALLATION = "00000000-0000-0000-0000-000000000000";

/** A page of the keys of the whole installation, the newest first. */
export async function listInstallationApiKeys(
  runtime: Runtime,
  caller: Caller,
  { filter, page }: Listing,
): Promise<CountedPage<ApiKey>> {
  authorizeInstallation(caller, "key.manage");
  const list = listOf([sql`k.workspace_id is null`], filter);
  const pages = await readPages<ApiKey>(runtime.database, list, [INSTALLATION], page);
  return pages.get(INSTALLATION) as CountedPage<ApiKey>;
}

/** Kind by kind, as the index gives them. */
function listOf(where: readonly SQL[], { projectId, kind, state, search }: ApiKeyFilter): ListQuery {
  const conditions = [...where];
  if (projectId) conditions.push(sql`k.project_id = ${projectId}::uuid`);
  if (state) conditions.push(sql`${sql.raw(stateOf("k"))} = ${state}`);
  if (search) conditions.push(sql`position(lower(${parseInput(text(200), search)}) in lower(k.name)) > 0`);
  return {
    columns: sql.raw(apiKeyColumns("k")),
    from: sql`api_keys k`,
    where: conditions,
    branches: (kind ? [kind] : API_KEY_KINDS).map((each) => sql`k.kind = ${each}`),
    orderBy: [{ expression: sql`k.id`, type: "uuid" }],
    direction: "DESC",
  };
}
