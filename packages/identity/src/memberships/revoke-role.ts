import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { parseInput, text } from "@muster/operations/input.ts";
import { type Runtime, writeAll } from "@muster/operations/runtime.ts";
import { z } from "zod";
import { whoValues } from "../identity-event.ts";
import { forgetCredentials } from "../recent-answers.ts";
import { findManaged } from "./find-managed.ts";
import { refuseUngrantable } from "./grantable-roles.ts";
import { anotherAdmin, lastAdmin, lockInstallationAdmins } from "./installation-admins.ts";
import { type Membership, membershipColumns, membershipEvents } from "./membership.ts";

const RevokeRole = z.object({ membershipId: z.guid(), reason: text(1_000).nullish() });
export type RevokeRoleInput = z.input<typeof RevokeRole>;

// $1–$4 who, $5 membership, $6 role, $7 reason
const remove = statement<Membership>(`
  with revoked as (
    delete from memberships m where m.id = $5 and m.role = $6
      and (m.workspace_id is not null or m.role <> 'ADMIN' or ${anotherAdmin("m.user_id")})
    returning m.*),
  happened as (${membershipEvents("revoked", {
    type: "membership.revoked",
    before: "role",
    after: "null",
    version: "version + 1",
    reason: "$7::text",
  })}),
  appended as (${appendEvents("happened")})
  select ${membershipColumns("revoked")} from revoked`);

/**
 * Takes a person's role away, and gives it as it was. Throws `NotFound`, `Forbidden` when the role holds what the caller lacks there, and
 * `InvalidInput` for the last admin of the installation.
 */
export async function revokeRole(runtime: Runtime, caller: Caller, input: RevokeRoleInput): Promise<Membership> {
  const { membershipId, reason } = parseInput(RevokeRole, input);
  const revoked = await writeAll(runtime, async (transaction) => {
    let present = await findManaged(transaction, caller, membershipId);
    if (present.workspaceId === null && present.role === "ADMIN") {
      await lockInstallationAdmins(transaction);
      present = await findManaged(transaction, caller, membershipId);
    }
    refuseUngrantable(caller.actor, present.role, present);
    const values = [...whoValues(caller), membershipId, present.role, reason ?? null];
    const [removed] = await transaction.run(remove, values);
    if (removed) return removed;
    const now = await findManaged(transaction, caller, membershipId);
    if (now.role === present.role) throw lastAdmin("membershipId");
    throw new NotFound("membership");
  });
  forgetCredentials(runtime.database, [revoked.userId]);
  return revoked;
}
