import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { EVENT_COLUMNS, type LoggedEvent } from "@muster/events/event.ts";
import { idAfter, idBefore } from "@muster/events/id-at-time.ts";
import { isSealed, sealedPosition } from "@muster/events/sealed-position.ts";
import { authorize, authorizeInstallation, reachOf } from "@muster/operations/authorize.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { type SQL, sql } from "drizzle-orm";
import { type LookedPage, readLooking, readWhole } from "./audit-look.ts";
import { auditConditions, type AuditFilter, type AuditFilterInput, parseAuditFilter } from "./audit-filter.ts";

/** An event as the audit log shows it. */
export interface AuditEntry {
  readonly event: LoggedEvent;
  /** It is in its chain: from now on nobody changes it unnoticed. */
  readonly sealed: boolean;
}

/** A page of entries, and how far was looked for them. */
export type AuditPage = LookedPage<AuditEntry>;

export interface AuditListing {
  readonly filter?: AuditFilterInput | null;
  readonly page: PageArguments;
  /** The newest first, unless it says otherwise. */
  readonly direction?: "ASC" | "DESC";
  /** So many entries are looked at for a page, if not 50,000. */
  readonly mostLookedAt?: number;
}

const projectsOf = statement<{ id: string }>(`
  select p.id from projects p where p.workspace_id = $1 and ($2::uuid[] is null or p.workspace_id = any($2))
    and ($3::uuid[] is null or p.id = any($3)) and ($4::uuid[] is null or p.id = any($4)) order by p.id`);

/**
 * A page of what has happened in a workspace, in all of its projects that the caller may audit, and to the workspace itself when
 * that is so of all of it. Throws `Forbidden` without audit.read, and `InvalidInput`.
 */
export async function listWorkspaceAudit(
  runtime: Runtime,
  caller: Caller,
  workspaceId: string,
  listing: AuditListing,
): Promise<AuditPage> {
  caller = authorize(caller, "audit.read");
  const filter = parseAuditFilter(listing.filter);
  const [workspaces, projects] = reachOf(caller);
  const wanted = filter.projects ?? null;
  const found = await runtime.database.run(projectsOf, [workspaceId, workspaces, projects, wanted]);
  // Each has an index by itself and the event's id.
  const branches = found.map(({ id }) => sql`e.project_id = ${id}::uuid`);
  if (projects === null && wanted === null && (workspaces?.includes(workspaceId) ?? true))
    branches.push(sql`e.project_id is null and e.workspace_id = ${workspaceId}::uuid`);
  return readAudit(runtime.database, branches.length > 0 ? branches : [sql`false`], filter, listing);
}

/** A page of what has happened outside of all workspaces: sign-ins, people, and keys of the installation. Throws `Forbidden`. */
export async function listInstallationAudit(
  runtime: Runtime,
  caller: Caller,
  listing: AuditListing,
): Promise<AuditPage> {
  authorizeInstallation(caller, "audit.read");
  const filter = parseAuditFilter(listing.filter);
  const branch = filter.projects ? sql`false` : sql`e.project_id is null and e.workspace_id is null`;
  return readAudit(runtime.database, [branch], filter, listing);
}

async function readAudit(
  connection: Connection,
  branches: readonly SQL[],
  filter: AuditFilter,
  { page, direction = "DESC", mostLookedAt: most }: AuditListing,
): Promise<AuditPage> {
  // There is no index by time: the ids around a time are found first.
  const [above, upTo, sealed] = await Promise.all([
    filter.after ? idBefore(connection, filter.after) : null,
    filter.before ? idAfter(connection, filter.before) : null,
    sealedPosition(connection),
  ]);
  const { byIndex, byTime, byLooking } = auditConditions(filter);
  const within = [
    ...byIndex,
    ...(above === null ? [] : [sql`e.id > ${above}::bigint`]),
    ...(upTo === null ? [] : [sql`e.id <= ${upTo}::bigint`]),
  ];
  const list = {
    columns: EVENT_COLUMNS,
    from: sql`events e`,
    where: [...within, ...byTime, ...byLooking],
    branches,
    orderBy: [{ expression: sql`e.id`, type: "bigint" }],
    direction,
  } as const;
  const look = { connection, list, within, page, most };
  const found = await (byLooking.length === 0 ? readWhole(look) : readLooking(look));
  const edges = found.edges.map(({ cursor, node }) => ({
    cursor,
    node: { event: node, sealed: isSealed(sealed, node) },
  }));
  return { ...found, edges };
}
