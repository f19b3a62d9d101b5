import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { authorize, reachOf } from "@muster/operations/authorize.ts";
import { type Membership, membershipColumns } from "./membership.ts";
import { authorizePlace } from "./place.ts";

const membershipInReach = statement<Membership>(`
  select ${membershipColumns("m")} from memberships m
  where m.id = $1 and ($2::uuid[] is null or m.workspace_id = any($2)) and ($3::uuid[] is null or m.project_id = any($3))`);

/** The membership that the caller means to change. Throws `NotFound`, also out of reach, and `Forbidden` without member.manage. */
export async function findManaged(connection: Connection, caller: Caller, membershipId: string): Promise<Membership> {
  const narrowed = authorize(caller, "member.manage");
  const [membership] = await connection.run(membershipInReach, [membershipId, ...reachOf(narrowed)]);
  if (!membership) throw new NotFound("membership");
  authorizePlace(caller, "member.manage", membership);
  return membership;
}
