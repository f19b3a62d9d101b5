import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { hashToken, newToken } from "../token.ts";
import type { LinkPurpose } from "./link-refusal.ts";

const HOURS: Readonly<Record<LinkPurpose, number>> = { SIGN_IN: 1, INVITATION: 7 * 24, PASSWORD_RESET: 1 };

/** Links to a password that somebody was given before: none of them may outlive the one that takes its place. */
const replaceLinks = statement<never>(`
  with voided as (
    update sign_in_links l set expires_at = least(l.expires_at, clock_timestamp())
    where l.user_id = $2 and l.used_at is null and l.purpose in ('INVITATION', 'PASSWORD_RESET'))
  insert into sign_in_links (hash, user_id, purpose, expires_at, creator_id)
  values ($1, $2, $3, clock_timestamp() + make_interval(hours => $4::int), $5)`);

/**
 * Makes a link by which the person can choose a password, once: within 7 days of an invitation, within an hour of a reset. Older ones of
 * the person no longer work. Gives its token, which the database does not hold.
 */
export async function createPasswordLink(
  connection: Connection,
  creator: Caller,
  userId: string,
  purpose: "INVITATION" | "PASSWORD_RESET",
): Promise<string> {
  const token = newToken();
  await connection.run(replaceLinks, [hashToken(token), userId, purpose, HOURS[purpose], creator.actor.id]);
  return token;
}

/**
 * SQL: the body of a CTE that voids the links to a password that others than the actor $2 have made for the person in the CTE
 * `source` (its `user_id`): whoever has seen one could take a role that they could not have given.
 */
export function voidLinksOfOthers(source: string): string {
  return `update sign_in_links l set expires_at = least(l.expires_at, clock_timestamp()) from ${source}
    where l.user_id = ${source}.user_id and l.used_at is null and l.purpose in ('INVITATION', 'PASSWORD_RESET')
      and l.creator_id is distinct from $2::uuid`;
}
