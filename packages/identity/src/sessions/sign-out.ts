import { statement } from "@muster/database/statement.ts";
import { appendEvents } from "@muster/events/append.ts";
import { traceColumns } from "@muster/operations/caller-values.ts";
import { type Runtime, write } from "@muster/operations/runtime.ts";
import { forgetCredentials } from "../recent-answers.ts";
import { hashToken } from "../token.ts";
import { endedSessionEvents } from "./ended-sessions.ts";

// $1 token's hash, $2 correlation id, $3 address. Whoever signs out is whose session it is.
const end = statement<{ id: string }>(`
  with ended as (update sessions s set ended_at = clock_timestamp() where s.hash = $1 and s.ended_at is null returning s.*),
  holder as (
    select case when e.user_id is not null then 'USER' when k.agent_id is not null then 'AGENT' else 'API_KEY' end as actor_kind,
      coalesce(e.user_id, k.agent_id, k.id) as actor_id, coalesce(u.name, k.name, '') as actor_name
    from ended e left join users u on u.id = e.user_id left join api_keys k on k.id = e.api_key_id),
  happened as (${endedSessionEvents("ended", "SIGNED_OUT", {
    beside: "holder",
    who: `actor_kind, actor_id, actor_name, ${traceColumns("array[$2::text, ended.id::text, $3::text]")}`,
  })}),
  appended as (${appendEvents("happened")})
  select id from ended`);

/**
 * Ends the session with this token: in this process at once, elsewhere as soon as the log has told. Nothing happens when it is unknown
 * or has ended before.
 */
export async function signOut(
  runtime: Runtime,
  token: string,
  { correlationId, address }: { readonly correlationId: string | null; readonly address: string | null },
): Promise<void> {
  const hash = hashToken(token);
  if (hash === null) return;
  const ended = await write(runtime, end, [hash, correlationId, address]);
  // After the commit: what was looked up before it may still have found the session.
  forgetCredentials(
    runtime.database,
    ended.map(({ id }) => id),
  );
}
