import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { LINK_PURPOSES } from "@muster/database/tables/sign-in-links.ts";
import type { Claimed } from "../refused-sign-in.ts";
import type { LinkRefusal } from "../sign-in-refused.ts";

export type LinkPurpose = (typeof LINK_PURPOSES)[number];

const readLink = statement<{ purpose: LinkPurpose; isUsed: boolean; isExpired: boolean }>(`
  select purpose, used_at is not null as "isUsed", expires_at <= clock_timestamp() as "isExpired" from sign_in_links where hash = $1`);

/** Why the link with this hash does not do what one of these purposes does. */
export async function linkRefusal(
  database: Connection,
  hash: string,
  purposes: readonly LinkPurpose[],
): Promise<LinkRefusal> {
  const [link] = await database.run(readLink, [hash]);
  if (!link) return "LINK_UNKNOWN";
  if (link.isUsed) return "LINK_USED";
  if (link.isExpired) return "LINK_EXPIRED";
  if (!purposes.includes(link.purpose)) return link.purpose === "SIGN_IN" ? "LINK_SIGNS_IN" : "LINK_SETS_PASSWORD";
  return "LINK_REVOKED";
}

const readHolder = statement<Claimed>(
  `select user_id as "userId", api_key_id as "apiKeyId" from sign_in_links where hash = $1`,
);

/** Whom the link with this hash would sign in. */
export async function holderOfLink(database: Connection, hash: string): Promise<Claimed> {
  const [holder] = await database.run(readHolder, [hash]);
  return holder ?? {};
}
