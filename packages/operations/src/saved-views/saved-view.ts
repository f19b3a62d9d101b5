import { rowColumns } from "@muster/database/row-columns.ts";
import { savedViews } from "@muster/database/tables/saved-views.ts";
import { CALLER_COLUMNS } from "../caller-values.ts";
import { text } from "../input.ts";

/** A saved view as its row is. */
export type SavedView = typeof savedViews.$inferSelect;

/** The select list that turns the row `alias` into a `SavedView`. */
export function savedViewColumns(alias: string): string {
  return rowColumns(savedViews, alias);
}

export const viewName = text(100).refine((name) => name.trim() !== "", "must not be blank.");
/** Without the question mark; an address has room for no more. */
export const viewQuery = text(4_000, 0).refine(
  (query) => !query.startsWith("?"),
  "must not begin with a question mark.",
);

interface SavedViewEvent {
  readonly type: string;
  /** SQL expressions over the columns of `source`. */
  readonly payload?: string;
  readonly version?: string;
  readonly at?: string;
}

/**
 * A select that makes one event of each row of `source`, a CTE with the columns of `saved_views` after the change, for
 * `appendEvents`. The statement's $1 to $6 are `callerValues`.
 */
export function savedViewEvents(
  source: string,
  { type, payload = "'{}'::jsonb", version = "version", at = "updated_at" }: SavedViewEvent,
): string {
  return `select workspace_id, project_id, '${type}' as type, id as subject_id, ${version} as subject_version, null::uuid as agent_id,
    null::uuid as task_id, null::uuid as context_id, ${CALLER_COLUMNS}, null::text as reason,
    jsonb_build_object('screen', screen, 'name', name) || ${payload} as payload, null::jsonb as labels, ${at} as at from ${source}`;
}
