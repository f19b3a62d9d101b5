import type { ActorKind, AuditFilter } from "#api/generated/graphql.ts";
import { AUDIT_KINDS, namesIn, typesOf } from "#events/filter/event-kinds.ts";
import type { SettingsView } from "#routes.ts";

/** What an address asks the audit log for. */
export function auditFilter(view: SettingsView): AuditFilter {
  const types = typesOf(AUDIT_KINDS, namesIn(view.show));
  return {
    ...(types && { types }),
    ...(view.actor && { actorKinds: [view.actor as ActorKind] }),
    ...(view.by && { actors: [view.by] }),
    ...(view.credential && { credentials: [view.credential] }),
    ...(view.address && { addresses: [view.address] }),
    ...(view.subject && { subjects: [view.subject] }),
    ...(view.from && { after: view.from }),
    ...(view.to && { before: view.to }),
    ...(view.search && { search: view.search }),
  };
}

export type ExportFormat = "ndjson" | "csv";

/** Where the same entries are as a file; `workspace` null: those of the installation itself. */
export function exportAddress(workspace: string | null, format: ExportFormat, filter: AuditFilter): string {
  const values = Object.entries(filter).flatMap(([name, value]): [string, string][] =>
    value === null || value === undefined ? [] : [[name, Array.isArray(value) ? value.join(",") : String(value)]],
  );
  const of: readonly [string, string][] = workspace === null ? [] : [["workspace", workspace]];
  return `/audit/export?${new URLSearchParams([...of, ["format", format], ...values])}`;
}

/** Where the signed checkpoints are as a file. */
export function checkpointsAddress(workspace: string | null): string {
  return addressOf("/audit/checkpoints", workspace);
}

/** Where all entries are with their hashes, for `npm run verify-audit`. */
export function chainAddress(workspace: string | null): string {
  return addressOf("/audit/chain", workspace);
}

function addressOf(path: string, workspace: string | null): string {
  return workspace === null ? path : `${path}?${new URLSearchParams({ workspace })}`;
}
