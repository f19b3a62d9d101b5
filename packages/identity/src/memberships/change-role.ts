import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict } from "@muster/domain/errors.ts";
import { type Role, ROLE_PERMISSIONS, ROLES } from "@muster/domain/roles.ts";
import { appendEvents } from "@muster/events/append.ts";
import { parseInput } from "@muster/operations/input.ts";
import { type Runtime, writeAll } from "@muster/operations/runtime.ts";
import { z } from "zod";
import { whoValues } from "../identity-event.ts";
import { voidLinksOfOthers } from "../links/password-link.ts";
import { forgetCredentials } from "../recent-answers.ts";
import { findManaged } from "./find-managed.ts";
import { refuseOneself } from "./grant-role.ts";
import { refuseUngrantable } from "./grantable-roles.ts";
import { anotherAdmin, lastAdmin, lockInstallationAdmins } from "./installation-admins.ts";
import { type Membership, membershipColumns, membershipEvents } from "./membership.ts";

const ChangeRole = z.object({
  membershipId: z.guid(),
  role: z.enum(ROLES),
  expectedVersion: z.number().int().nullish(),
});
export type ChangeRoleInput = z.input<typeof ChangeRole>;

// $1–$4 who, $5 membership, $6 version, $7 role
const update = statement<Membership>(`
  with present as (select m.id, m.role as before from memberships m where m.id = $5),
  changed as (
    update memberships m set role = $7, version = m.version + 1 from present p
    where m.id = p.id and m.version = $6
      and (m.workspace_id is not null or m.role <> 'ADMIN' or $7 = 'ADMIN' or ${anotherAdmin("m.user_id")})
    returning m.*, p.before),
  voided as (${voidLinksOfOthers("changed")}),
  happened as (${membershipEvents("changed", { type: "membership.changed", before: "before", after: "role" })}),
  appended as (${appendEvents("happened")})
  select ${membershipColumns("changed")} from changed`);

/**
 * Gives a person another role in the same place. Nothing happens when they have it already. Throws `NotFound`, `Conflict` when it is not
 * the expected version, `Forbidden` when the old or the new role holds what the caller lacks there, and `InvalidInput` for raising
 * oneself and for the last admin of the installation.
 */
export async function changeRole(runtime: Runtime, caller: Caller, input: ChangeRoleInput): Promise<Membership> {
  const { membershipId, role, expectedVersion } = parseInput(ChangeRole, input);
  const membership = await writeAll(runtime, async (transaction) => {
    let present = await findManaged(transaction, caller, membershipId);
    if (present.workspaceId === null && present.role === "ADMIN") {
      await lockInstallationAdmins(transaction);
      present = await findManaged(transaction, caller, membershipId);
    }
    const expected = expectedVersion ?? present.version;
    if (expected !== present.version)
      throw new Conflict("membership version", String(expected), String(present.version));
    if (present.role === role) return present;
    if (!isWithin(role, present.role)) refuseOneself(caller, present.userId);
    for (const each of [present.role, role]) refuseUngrantable(caller.actor, each, present);
    const [changed] = await transaction.run(update, [...whoValues(caller), membershipId, present.version, role]);
    if (changed) return changed;
    const now = await findManaged(transaction, caller, membershipId);
    if (now.version === present.version) throw lastAdmin("membershipId");
    throw new Conflict("membership version", String(present.version), String(now.version));
  });
  forgetCredentials(runtime.database, [membership.userId]);
  return membership;
}

/** Whether the one role gives nothing that the other does not. */
function isWithin(role: Role, other: Role): boolean {
  return ROLE_PERMISSIONS[role].every((permission) => ROLE_PERMISSIONS[other].includes(permission));
}
