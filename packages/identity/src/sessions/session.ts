import { rowColumns } from "@muster/database/row-columns.ts";
import { sessions } from "@muster/database/tables/sessions.ts";

const HIDDEN = ["hash", "address"] as const;

/** A browser that is signed in, without what its cookie is known by. */
export type Session = Omit<typeof sessions.$inferSelect, (typeof HIDDEN)[number]> & { readonly address: string | null };

/** The select list that turns the row `alias` into a `Session`. */
export function sessionColumns(alias: string): string {
  return `${rowColumns(sessions, alias, HIDDEN)}, host(${alias}.address) as address`;
}

/** SQL: the session in the row `alias` has not ended by itself, nor by anybody; `idleMs` (SQL) is how long it may be unused. */
export function isLive(alias: string, idleMs: string): string {
  return `${alias}.ended_at is null and ${alias}.expires_at > clock_timestamp()
    and coalesce(${alias}.last_used_at, ${alias}.created_at) > clock_timestamp() - make_interval(secs => ${idleMs}::float8 / 1000)`;
}
