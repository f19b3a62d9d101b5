import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { authorizeInstallation } from "@muster/operations/authorize.ts";
import { parseInput, text } from "@muster/operations/input.ts";
import { type CountedPage, readPages } from "@muster/operations/page-query.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { type User, userColumns } from "./user.ts";
import { matchesPerson } from "./matches-person.ts";
import { managesUsers, personOf, visibleUser, visibleUserValues } from "./visible-users.ts";

const usersById = statement<User>(
  `select ${userColumns("u")} from users u where u.id = any($1::uuid[]) and ${visibleUser("u", 2)}`,
);

/** The people with these ids whom the caller may see, in any order: themselves, or those with a role where they may see who has which. */
export async function getUsers(runtime: Runtime, caller: Caller, ids: readonly string[]): Promise<User[]> {
  return runtime.database.run(usersById, [ids, ...visibleUserValues(caller)]);
}

const UserFilter = z.object({ search: text(200, 0).nullish(), disabled: z.boolean().nullish() });
export type UserFilterInput = z.input<typeof UserFilter>;

/** The one parent of a list that belongs to the whole installation. */
export const INSTALLATION_LIST = "00000000-0000-0000-0000-000000000000";

/** A page of everybody, by name. Throws `Forbidden` without user.manage of the installation, `InvalidInput` for what cannot be. */
export async function listUsers(
  runtime: Runtime,
  caller: Caller,
  { filter, page }: { readonly filter?: UserFilterInput | null | undefined; readonly page: PageArguments },
): Promise<CountedPage<User>> {
  authorizeInstallation(caller, "user.manage");
  const { search, disabled } = parseInput(UserFilter, filter ?? {});
  const pages = await readPages<User>(
    runtime.database,
    {
      columns: sql.raw(userColumns("u")),
      from: sql`users u`,
      where: [
        matchesPerson("u", search),
        ...(typeof disabled === "boolean"
          ? [disabled ? sql`u.disabled_at is not null` : sql`u.disabled_at is null`]
          : []),
      ],
      orderBy: [
        { expression: sql`u.name`, type: "text" },
        { expression: sql`u.id`, type: "uuid" },
      ],
      direction: "ASC",
    },
    [INSTALLATION_LIST],
    page,
  );
  const listed = pages.get(INSTALLATION_LIST);
  if (!listed) throw new Error("A list was read without its page.");
  return listed;
}

/** An account that a person also signs in with, at another provider. */
export interface Identity {
  readonly userId: string;
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly createdAt: Date;
}

const identitiesOf = statement<Identity>(`
  select user_id as "userId", issuer, subject, email, created_at as "createdAt" from user_identities i
  where i.user_id = any($1::uuid[]) and ($2::boolean or i.user_id = $3::uuid) order by created_at, issuer, subject`);

/** The accounts at other providers of each person: none where they are neither the caller's own nor the caller manages people. */
export async function listIdentities(
  runtime: Runtime,
  caller: Caller,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Identity[]>> {
  const rows = await runtime.database.run(identitiesOf, [userIds, managesUsers(caller), personOf(caller)]);
  return new Map(userIds.map((userId) => [userId, rows.filter((row) => row.userId === userId)]));
}
