import { rowColumns } from "@muster/database/row-columns.ts";
import { rateLimits } from "@muster/database/tables/rate-limits.ts";
import { CALLER_COLUMNS } from "../caller-values.ts";

/** A rate limit: its bucket is filled up to now. */
export type RateLimit = Omit<typeof rateLimits.$inferSelect, "tokens" | "refilledAt"> & {
  /** How many tasks could be handed out at once: whole tokens. */
  readonly available: number;
};

/**
 * An SQL expression: the tokens that the bucket `alias` (a row of `rate_limits`) has at the moment `at`. It is a token bucket: `max` tokens come
 * back evenly in each period, and no more than `max` are kept.
 */
export function tokensAt(alias: string, at: string): string {
  const elapsed = `greatest(0, extract(epoch from (${at} - ${alias}.refilled_at))) * 1000`;
  return `least(${alias}.max, ${alias}.tokens + ${elapsed} * ${alias}.max / ${alias}.period_ms)::float8`;
}

/** The select list that turns the row `alias` into a `RateLimit`. */
export function rateLimitColumns(alias: string): string {
  const fields = rowColumns(rateLimits, alias, ["tokens", "refilledAt"]);
  return `${fields}, floor(${tokensAt(alias, "clock_timestamp()")})::int as available`;
}

/**
 * A select that makes one event of each row of `source`, a CTE with the columns of `rate_limits`, for `appendEvents`. The
 * statement's $1 to $6 are `callerValues`; `version` and `changes`, a part of the payload, are SQL expressions.
 */
export function rateLimitEvents(source: string, type: string, version = "version", changes = "'{}'::jsonb"): string {
  return `select workspace_id, project_id, '${type}' as type, id as subject_id, ${version} as subject_version, null::uuid as agent_id,
    null::uuid as task_id, null::uuid as context_id, ${CALLER_COLUMNS}, null::text as reason,
    jsonb_build_object('key', key, 'max', max, 'periodMs', period_ms, 'version', ${version}) || ${changes} as payload, null::jsonb as labels,
    clock_timestamp() as at from ${source}`;
}
