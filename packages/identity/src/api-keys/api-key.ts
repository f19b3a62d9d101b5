import { rowColumns } from "@muster/database/row-columns.ts";
import { apiKeys } from "@muster/database/tables/api-keys.ts";
import type { Permission } from "@muster/domain/permissions.ts";
import { identityEvent } from "../identity-event.ts";

export const API_KEY_STATES = ["ACTIVE", "EXPIRED", "REVOKED"] as const;
export type ApiKeyState = (typeof API_KEY_STATES)[number];

/** A key as lists show it; what it opens doors with is not in the database at all. */
export type ApiKey = Omit<typeof apiKeys.$inferSelect, "hash" | "permissions"> & {
  readonly permissions: readonly Permission[] | null;
  readonly state: ApiKeyState;
};

/** SQL: the state of the key in the row `alias`. */
export function stateOf(alias: string): string {
  return `case when ${alias}.revoked_at is not null then 'REVOKED' when ${alias}.expires_at <= clock_timestamp() then 'EXPIRED' else 'ACTIVE' end`;
}

/** The select list that turns the row `alias` into an `ApiKey`. */
export function apiKeyColumns(alias: string): string {
  return `${rowColumns(apiKeys, alias, ["hash"])}, ${stateOf(alias)} as "state"`;
}

/** A select that makes one event of each row of `source`, a CTE with the columns of `api_keys` after the change. */
export function apiKeyEvent(
  source: string,
  {
    type,
    payload,
    reason = "null::text",
  }: { readonly type: string; readonly payload: string; readonly reason?: string },
): string {
  return identityEvent(source, {
    type,
    workspace: "workspace_id",
    project: "project_id",
    payload: `jsonb_build_object('name', name, 'kind', kind) || ${payload}`,
    reason,
  });
}

/** SQL: what an event says of a key that was made. */
export const CREATED_PAYLOAD = "jsonb_build_object('role', role, 'permissions', permissions, 'expiresAt', expires_at)";
