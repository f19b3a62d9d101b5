import { type SQL, sql } from "drizzle-orm";

/** A condition: the name or e-mail address of the person in the row `alias` holds the text, in whatever case. Everybody matches none. */
export function matchesPerson(alias: string, search: string | null | undefined): SQL {
  if (!search) return sql`true`;
  const person = sql.identifier(alias);
  return sql`strpos(lower(${person}.name || ' ' || coalesce(${person}.email, '')), lower(${search})) > 0`;
}
