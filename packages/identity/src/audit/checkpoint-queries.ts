import { INSTALLATION_CHAIN } from "@muster/database/tables/audit-blocks.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { authorizeInstallation, authorizeWorkspace, reachOf } from "@muster/operations/authorize.ts";
import { type CountedPage, PARENT, readPages } from "@muster/operations/page-query.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { sql } from "drizzle-orm";

/** A signed statement of how far a chain went, as it is listed. */
export interface AuditCheckpoint {
  /** The place in the chain of the last event that it covers. */
  readonly position: number;
  /** Decimal. */
  readonly lastEventId: string;
  /** Hexadecimal. */
  readonly hash: string;
  readonly createdAt: Date;
  readonly keyId: string;
  readonly signature: string;
  readonly isCut: boolean;
}

/** A page of the checkpoints of a workspace's chain, or of the installation's (null), the newest first. Throws `Forbidden`. */
export async function listCheckpoints(
  runtime: Runtime,
  caller: Caller,
  workspaceId: string | null,
  page: PageArguments,
): Promise<CountedPage<AuditCheckpoint>> {
  const [chain] = auditedChains(caller, workspaceId);
  const parent = chain ?? INSTALLATION_CHAIN;
  const pages = await readPages<AuditCheckpoint>(
    runtime.database,
    {
      columns: sql`p.position::float8 as "position", p.last_event_id::text as "lastEventId", encode(p.hash, 'hex') as "hash",
        p.created_at as "createdAt", p.signing_key_id as "keyId", p.signature as "signature", p.removed_before is not null as "isCut"`,
      from: sql`audit_checkpoints p`,
      where: [sql`p.chain_id = ${PARENT}`, chain === undefined ? sql`false` : sql`true`],
      orderBy: [{ expression: sql`p.position`, type: "bigint" }],
      direction: "DESC",
    },
    [parent],
    page,
  );
  return pages.get(parent) as CountedPage<AuditCheckpoint>;
}

/**
 * The chains that a caller asks for: of a workspace, or (null) the installation's. A chain is whole or worth nothing, so the
 * caller has to be allowed to audit the whole workspace; one that it does not reach has no chain. Throws `Forbidden`.
 */
export function auditedChains(caller: Caller, workspaceId: string | null): string[] {
  if (workspaceId === null) {
    authorizeInstallation(caller, "audit.read");
    return [INSTALLATION_CHAIN];
  }
  const [workspaces] = reachOf(authorizeWorkspace(caller, "audit.read"));
  return workspaces === null || workspaces.includes(workspaceId) ? [workspaceId] : [];
}
