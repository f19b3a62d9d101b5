import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { ROLES } from "@muster/domain/roles.ts";
import { appendEvents } from "@muster/events/append.ts";
import { parseInput, text } from "@muster/operations/input.ts";
import { newId } from "@muster/operations/new-id.ts";
import { type Runtime, writeAll } from "@muster/operations/runtime.ts";
import { z } from "zod";
import { identityEvent, whoValues } from "../identity-event.ts";
import { createPasswordLink } from "../links/password-link.ts";
import { refuseOneself } from "../memberships/grant-role.ts";
import { refuseUngrantable } from "../memberships/grantable-roles.ts";
import { insertMembership } from "../memberships/insert-membership.ts";
import type { Membership } from "../memberships/membership.ts";
import { findPlace } from "../memberships/place.ts";
import { forgetCredentials } from "../recent-answers.ts";
import { email } from "./email.ts";
import { outranks } from "./outranks.ts";

const InviteUser = z.object({
  email,
  name: text(200).nullish(),
  workspaceId: z.guid().nullish(),
  projectId: z.guid().nullish(),
  role: z.enum(ROLES),
});
export type InviteUserInput = z.input<typeof InviteUser>;

interface Invited {
  readonly id: string;
  readonly canSignIn: boolean;
}

const insertUser = statement<Invited>(`
  with created as (
    insert into users (id, email, name) values ($5, $6, $7) on conflict (lower(email)) do nothing returning *),
  happened as (${identityEvent("created", {
    type: "user.created",
    payload: "jsonb_build_object('after', jsonb_build_object('email', email, 'name', name))",
  })}),
  appended as (${appendEvents("happened")})
  select id, false as "canSignIn" from created`);

const userByEmail = statement<Invited>(`
  select u.id, u.password_hash is not null or u.disabled_at is not null
    or exists (select from user_identities i where i.user_id = u.id) as "canSignIn"
  from users u where lower(u.email) = lower($1)`);

/**
 * Gives the person with this e-mail address a role; makes the person when the address is new. There is no mail: `token` is that of a
 * link to hand over, by which they choose a password within 7 days. It is null for somebody who can sign in already, and for
 * somebody who may do elsewhere what the caller may not: the link would be a way into their account.
 *
 * Throws `NotFound` for the place, `Conflict` when they have a role there, `Forbidden` when the role holds what the caller lacks there.
 */
export async function inviteUser(
  runtime: Runtime,
  caller: Caller,
  input: InviteUserInput,
): Promise<{ readonly membership: Membership; readonly token: string | null }> {
  const { email: address, name, role, ...asked } = parseInput(InviteUser, input);
  const invited = await writeAll(runtime, async (transaction) => {
    const place = await findPlace(transaction, caller, "member.manage", asked);
    refuseUngrantable(caller.actor, role, place);
    const user = await findOrCreate(transaction, caller, address, name ?? address.split("@")[0] ?? address);
    refuseOneself(caller, user.id);
    const membership = await insertMembership(transaction, caller, { userId: user.id, place, role });
    const isOutOfHand = user.canSignIn || (await outranks(transaction, user.id, caller.actor));
    return {
      membership,
      token: isOutOfHand ? null : await createPasswordLink(transaction, caller, user.id, "INVITATION"),
    };
  });
  forgetCredentials(runtime.database, [invited.membership.userId]);
  return invited;
}

async function findOrCreate(transaction: Connection, caller: Caller, address: string, name: string): Promise<Invited> {
  const [created] = await transaction.run(insertUser, [...whoValues(caller), newId(), address, name]);
  if (created) return created;
  const [present] = await transaction.run(userByEmail, [address]);
  if (!present) throw new Error("Somebody had this address, and now nobody has.");
  return present;
}
