import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict } from "@muster/domain/errors.ts";
import type { Role } from "@muster/domain/roles.ts";
import { appendEvents } from "@muster/events/append.ts";
import { newId } from "@muster/operations/new-id.ts";
import { whoValues } from "../identity-event.ts";
import { voidLinksOfOthers } from "../links/password-link.ts";
import { type Membership, membershipColumns, membershipEvents } from "./membership.ts";
import type { Place } from "./place.ts";

const insert = statement<Membership>(`
  with granted as (
    insert into memberships (id, user_id, workspace_id, project_id, role) values ($5, $6, $7, $8, $9)
    on conflict on constraint memberships_user_workspace_project_key do nothing returning *),
  voided as (${voidLinksOfOthers("granted")}),
  happened as (${membershipEvents("granted", { type: "membership.granted", before: "null", after: "role" })}),
  appended as (${appendEvents("happened")})
  select ${membershipColumns("granted")} from granted`);

const present = statement<{ role: Role }>(`
  select role from memberships m
  where m.user_id = $1 and m.workspace_id is not distinct from $2 and m.project_id is not distinct from $3`);

/** Gives a person a role, with its event; invitations that others have made for them no longer work. Throws `Conflict` when they have one in this very place. */
export async function insertMembership(
  connection: Connection,
  caller: Caller,
  { userId, place, role }: { readonly userId: string; readonly place: Place; readonly role: Role },
): Promise<Membership> {
  const where = [userId, place.workspaceId, place.projectId];
  const [granted] = await connection.run(insert, [...whoValues(caller), newId(), ...where, role]);
  if (granted) return granted;
  const [membership] = await connection.run(present, where);
  throw new Conflict("the person's role here", "none", membership?.role ?? "another", {
    advice: "Use changeRole to change it.",
  });
}
