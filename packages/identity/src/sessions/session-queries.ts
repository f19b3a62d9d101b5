import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { type Pages, PARENT, readPages } from "@muster/operations/page-query.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { sql } from "drizzle-orm";
import { managesUsers, personOf } from "../people/visible-users.ts";
import { isLive, type Session, sessionColumns } from "./session.ts";

/** SQL: the caller's own session in the row `alias`: their person's or key's, or the one they ask with. Takes `ownSessionValues` from `$first` on. */
export function isOwn(alias: string, first: number): string {
  const [all, person, key, current] = [0, 1, 2, 3].map((at) => `$${first + at}`);
  return `(${all}::boolean or ${alias}.user_id = ${person}::uuid or ${alias}.api_key_id = ${key}::uuid or ${alias}.id = ${current}::uuid)`;
}

export function ownSessionValues(caller: Caller): unknown[] {
  const key = caller.actor.kind === "API_KEY" ? caller.actor.id : null;
  return [managesUsers(caller), personOf(caller), key, caller.origin?.credentialId ?? null];
}

const sessionsById = statement<Session>(
  `select ${sessionColumns("s")} from sessions s where s.id = any($1::uuid[]) and ${isLive("s", "$6")} and ${isOwn("s", 2)}`,
);

/** The sessions with these ids that are open and the caller's own, or anybody's for those who manage people; in any order. */
export async function getSessions(runtime: Runtime, caller: Caller, ids: readonly string[]): Promise<Session[]> {
  return runtime.database.run(sessionsById, [ids, ...ownSessionValues(caller), runtime.settings.signIn.idleMs]);
}

/** A page of each person's open sessions, newest first: none where they are neither the caller's own nor the caller manages people. */
export async function listSessions(
  runtime: Runtime,
  caller: Caller,
  userIds: readonly string[],
  page: PageArguments,
): Promise<Pages<Session>> {
  const own = personOf(caller);
  const visible = managesUsers(caller) ? sql`true` : own ? sql`s.user_id = ${own}::uuid` : sql`false`;
  return readPages<Session>(
    runtime.database,
    {
      columns: sql.raw(sessionColumns("s")),
      from: sql`sessions s`,
      where: [
        sql`s.user_id = ${PARENT}`,
        sql.raw(isLive("s", String(Number(runtime.settings.signIn.idleMs)))),
        visible,
      ],
      orderBy: [{ expression: sql`s.id`, type: "uuid" }],
      direction: "DESC",
    },
    userIds,
    page,
  );
}
