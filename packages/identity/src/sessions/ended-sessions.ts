import { identityEvent } from "../identity-event.ts";
import { SESSION_ENDED, type SessionEnd, sessionEndPayload } from "./session-start.ts";

/**
 * SQL: the body of a CTE that ends the sessions of the people in the CTE `source` (their `id`), but for the session whose id is
 * `except`. Its rows are the sessions.
 */
export function endSessionsOf(source: string, except = "null::uuid"): string {
  return `update sessions s set ended_at = clock_timestamp() from ${source} p
    where s.user_id = p.id and s.ended_at is null and s.id is distinct from ${except} returning s.*`;
}

/** SQL: an event for each session in the CTE `source`, joined with `holder` where that says who did it. */
export function endedSessionEvents(
  source: string,
  why: SessionEnd,
  { beside, who, reason }: { readonly beside?: string; readonly who?: string; readonly reason?: string } = {},
): string {
  return identityEvent(beside === undefined ? source : `${source} cross join ${beside}`, {
    ...SESSION_ENDED,
    subject: `${source}.id`,
    payload: sessionEndPayload(source, why),
    ...(who === undefined ? {} : { who }),
    ...(reason === undefined ? {} : { reason }),
  });
}
