import type { Runtime } from "@muster/operations/runtime.ts";
import { appendEvents } from "@muster/events/append.ts";
import { traceColumns } from "@muster/operations/caller-values.ts";
import { newId } from "@muster/operations/new-id.ts";
import { identityEvent } from "../identity-event.ts";
import { hashToken, newToken } from "../token.ts";

/** The request that signs in. */
export interface SignInOrigin {
  readonly correlationId: string | null;
  /** The client's IP address. */
  readonly address: string | null;
  readonly userAgent: string | null;
  /** The token of the session that the browser had until now: it ends. */
  readonly replaces: string | null;
}

/** Nobody's request: for tests and programs without a browser. */
export const NO_ORIGIN: SignInOrigin = { correlationId: null, address: null, userAgent: null, replaces: null };

export interface StartedSession {
  /** For the browser's cookie; the database holds its hash. Always a new one. */
  readonly token: string;
  readonly sessionId: string;
  readonly expiresAt: Date;
}

/** How somebody signed in. */
export type SignInWay = "LINK" | "KEY" | "PASSWORD" | "PASSWORD_LINK" | "OIDC";

export interface StartedRow {
  readonly expiresAt: Date;
}

/** The columns that say who did it: whoever signs in. */
export const SIGNED_IN_WHO = `actor_kind, actor_id, actor_name, ${traceColumns("$1")}`;

/** The columns that the CTE `holder` has to have: whom the session is for, one row or none. */
export const HOLDER_OF_USER = `u.id as user_id, null::uuid as api_key_id, 'USER' as actor_kind, u.id as actor_id, u.name as actor_name,
  u.version as subject_version, null::uuid as workspace_id, null::uuid as project_id`;
export const HOLDER_OF_KEY = `null::uuid as user_id, k.id as api_key_id, case when k.agent_id is null then 'API_KEY' else 'AGENT' end as actor_kind,
  coalesce(k.agent_id, k.id) as actor_id, coalesce(k.agent_name, k.name) as actor_name, 1 as subject_version, k.workspace_id, k.project_id`;

/**
 * SQL: starts a session for whom the CTE `holder` names, ends the one that the browser had, appends the events of both and those that the
 * CTEs of `events` select, and removes up to 100 sessions that have expired. $1 to $7 are `startValues`.
 */
export function sessionStart(events: readonly string[] = []): string {
  const signedIn = (kind: "user" | "api_key") =>
    identityEvent("started join holder on true", {
      type: `${kind}.signed_in`,
      subject: `holder.${kind}_id`,
      version: "holder.subject_version",
      workspace: "holder.workspace_id",
      project: "holder.project_id",
      payload: "jsonb_build_object('by', $7::text, 'sessionId', started.id)",
      who: SIGNED_IN_WHO,
      where: `holder.${kind}_id is not null`,
    });
  const ended = identityEvent("replaced join holder on true", {
    ...SESSION_ENDED,
    subject: "replaced.id",
    payload: sessionEndPayload("replaced", "REPLACED"),
    who: SIGNED_IN_WHO,
  });
  return `
  replaced as (
    update sessions s set ended_at = clock_timestamp() from holder where s.hash = $4 and s.ended_at is null returning s.*),
  removed as (
    delete from sessions where hash in (
      select hash from sessions where expires_at < clock_timestamp() and hash is distinct from $4
      order by expires_at limit 100 for update skip locked)),
  started as (
    insert into sessions (hash, id, user_id, api_key_id, address, user_agent, expires_at)
    select $2, $3, user_id, api_key_id, ($1::text[])[3]::inet, $5, clock_timestamp() + make_interval(secs => $6::float8 / 1000)
    from holder returning *),
  happened as (${[...events, signedIn("user"), signedIn("api_key"), ended].join(" union all ")}),
  appended as (${appendEvents("happened")})
  select expires_at as "expiresAt" from started`;
}

/** What an event of a session's end has in common; it belongs to nobody's workspace. */
export const SESSION_ENDED = { type: "session.ended", version: "1" } as const;

export type SessionEnd = "SIGNED_OUT" | "REPLACED" | "ENDED" | "PASSWORD_CHANGED" | "TOTP_DISABLED" | "USER_DISABLED";

/** SQL: the payload of the end of the sessions in the CTE `source`. */
export function sessionEndPayload(source: string, why: SessionEnd): string {
  return `jsonb_build_object('why', '${why}', 'userId', ${source}.user_id,
    'name', (select u.name from users u where u.id = ${source}.user_id), 'apiKeyId', ${source}.api_key_id)`;
}

/** $1 to $7 of a statement with `sessionStart`, and what the browser gets when it gives a row. */
export function startValues(
  runtime: Runtime,
  by: SignInWay,
  origin: SignInOrigin,
): { readonly values: readonly unknown[]; readonly started: (row: StartedRow) => StartedSession } {
  const [token, sessionId] = [newToken(), newId()];
  const replaced = origin.replaces === null ? null : hashToken(origin.replaces);
  const trace = [origin.correlationId, sessionId, origin.address];
  const userAgent = origin.userAgent === null ? null : shown(origin.userAgent);
  return {
    values: [trace, hashToken(token), sessionId, replaced, userAgent, runtime.settings.signIn.sessionMs, by],
    started: ({ expiresAt }) => ({ token, sessionId, expiresAt }),
  };
}

/** As lists show it: short, and without what Postgres cannot store. */
function shown(userAgent: string): string {
  return userAgent.toWellFormed().replaceAll("\0", "").slice(0, 300);
}
