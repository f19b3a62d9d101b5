import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { type Role, ROLES } from "@muster/domain/roles.ts";
import { withPermission } from "@muster/domain/actor.ts";
import { authorize, authorizeInstallation, reachOf } from "@muster/operations/authorize.ts";
import { amongIds, withinReach } from "@muster/operations/caller-values.ts";
import { parseInput, text } from "@muster/operations/input.ts";
import { type CountedPage, type ListQuery, type Pages, PARENT, readPages } from "@muster/operations/page-query.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { matchesPerson } from "../people/matches-person.ts";
import { INSTALLATION_LIST } from "../people/user-queries.ts";
import { managesUsers, personOf } from "../people/visible-users.ts";
import { type Membership, membershipColumns } from "./membership.ts";

const membershipsById = statement<Membership>(`
  select ${membershipColumns("m")} from memberships m
  where m.id = any($1::uuid[]) and ($2::boolean or m.user_id = $3::uuid or ($4::boolean
    and ($5::uuid[] is null or m.workspace_id = any($5)) and ($6::uuid[] is null or m.project_id = any($6))))`);

/** The memberships with these ids that the caller may see, in any order: their own, and those where they may see who has which role. */
export async function getMemberships(runtime: Runtime, caller: Caller, ids: readonly string[]): Promise<Membership[]> {
  const reader = withPermission(caller, "member.read");
  const mayRead = reader.actor.permissions.has("member.read");
  const values = [ids, managesUsers(caller), personOf(caller), mayRead, ...reachOf(reader)];
  return runtime.database.run(membershipsById, values);
}

const MemberFilter = z.object({
  projectId: z.guid().nullish(),
  role: z.enum(ROLES).nullish(),
  search: text(200, 0).nullish(),
});
export type MemberFilterInput = z.input<typeof MemberFilter>;

/** A page of the roles in each workspace and its projects, oldest first, of those that the caller may see. Throws `Forbidden`, `InvalidInput`. */
export async function listMembers(
  runtime: Runtime,
  caller: Caller,
  workspaceIds: readonly string[],
  { filter, page }: { readonly filter?: MemberFilterInput | null | undefined; readonly page: PageArguments },
): Promise<Pages<Membership>> {
  caller = authorize(caller, "member.read");
  const { projectId, role, search } = parseInput(MemberFilter, filter ?? {});
  const where = [
    sql`m.workspace_id = ${PARENT}`,
    withinReach(caller, "m"),
    ...(projectId ? [sql`m.project_id = ${projectId}`] : []),
    ...matching(role, search),
  ];
  return readPages<Membership>(runtime.database, listOf(where), workspaceIds, page);
}

/** A page of the roles in the whole installation, oldest first. Throws `Forbidden` without user.manage of the installation. */
export async function listInstallationMembers(
  runtime: Runtime,
  caller: Caller,
  page: PageArguments,
): Promise<CountedPage<Membership>> {
  authorizeInstallation(caller, "user.manage");
  const list = listOf([sql`m.workspace_id is null`]);
  const pages = await readPages<Membership>(runtime.database, list, [INSTALLATION_LIST], page);
  const listed = pages.get(INSTALLATION_LIST);
  if (!listed) throw new Error("A list was read without its page.");
  return listed;
}

/** A page of each person's roles, oldest first: all of the caller's own, else those that the caller may see. */
export async function listRolesOf(
  runtime: Runtime,
  caller: Caller,
  userIds: readonly string[],
  page: PageArguments,
): Promise<Pages<Membership>> {
  const reader = withPermission(caller, "member.read");
  const others = reader.actor.permissions.has("member.read") ? withinReach(reader, "m") : sql`false`;
  const own = personOf(caller);
  const visible = managesUsers(caller)
    ? sql`true`
    : sql`(${own ? amongIds(sql`m.user_id`, [own]) : sql`false`} or ${others})`;
  return readPages<Membership>(runtime.database, listOf([sql`m.user_id = ${PARENT}`, visible]), userIds, page);
}

function matching(role: Role | null | undefined, search: string | null | undefined): SQL[] {
  return [
    ...(role ? [sql`m.role = ${role}`] : []),
    ...(search ? [sql`exists (select from users u where u.id = m.user_id and ${matchesPerson("u", search)})`] : []),
  ];
}

function listOf(where: readonly SQL[]): ListQuery {
  return {
    columns: sql.raw(membershipColumns("m")),
    from: sql`memberships m`,
    where,
    orderBy: [{ expression: sql`m.id`, type: "uuid" }],
    direction: "ASC",
  };
}
