import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { authorizeInstallation } from "@muster/operations/authorize.ts";
import { parseInput, text } from "@muster/operations/input.ts";
import { type Runtime, write, writeAll } from "@muster/operations/runtime.ts";
import { z } from "zod";
import { identityEvent, whoValues } from "../identity-event.ts";
import { createPasswordLink } from "../links/password-link.ts";
import { forgetCredentials } from "../recent-answers.ts";
import { endedSessionEvents, endSessionsOf } from "../sessions/ended-sessions.ts";
import { outranks } from "./outranks.ts";
import { getUsers } from "./user-queries.ts";
import { type User, userColumns } from "./user.ts";

const CreateResetLink = z.object({ userId: z.guid() });
const ResetTotp = z.object({ userId: z.guid(), reason: text(1_000) });

const recordLink = statement<{ id: string }>(`
  with person as (select u.id, u.version, u.name from users u where u.id = $5 and u.disabled_at is null),
  happened as (${identityEvent("person", { type: "user.password_link_made", payload: "jsonb_build_object('name', name)" })}),
  appended as (${appendEvents("happened")})
  select id from person`);

/**
 * Makes a link by which a person can choose a new password within an hour; older ones no longer work. Their authenticator is asked
 * all the same. Gives the link's token, shown this once. Throws `NotFound`, `InvalidInput` for somebody who is disabled, and `Forbidden` for
 * somebody who may do what the caller may not: the link would be a way into their account.
 */
export async function createPasswordResetLink(
  runtime: Runtime,
  caller: Caller,
  input: z.input<typeof CreateResetLink>,
): Promise<{ readonly user: User; readonly token: string }> {
  caller = authorizeInstallation(caller, "user.manage");
  const { userId } = parseInput(CreateResetLink, input);
  const user = await managed(runtime, caller, userId);
  const token = await writeAll(runtime, async (transaction) => {
    const [recorded] = await transaction.run(recordLink, [...whoValues(caller), userId]);
    return recorded ? createPasswordLink(transaction, caller, userId, "PASSWORD_RESET") : null;
  });
  if (token === null)
    throw new InvalidInput([{ path: ["userId"], message: "is of somebody who is disabled. Enable them first." }]);
  return { user, token };
}

// $1–$4 who, $5 person, $6 reason
const removeTotp = statement<User>(`
  with updated as (
    update users u set totp_enabled_at = null, totp_secret = null, totp_last_step = null, version = u.version + 1
    where u.id = $5 and u.totp_enabled_at is not null returning u.*),
  removed as (delete from recovery_codes r using updated u where r.user_id = u.id),
  ended as (${endSessionsOf("updated")}),
  happened as (
    ${identityEvent("updated", { type: "user.totp_disabled", payload: "jsonb_build_object('by', 'ADMIN', 'name', name)", reason: "$6::text" })}
    union all ${endedSessionEvents("ended", "TOTP_DISABLED", { reason: "$6::text" })}),
  appended as (${appendEvents("happened")})
  select ${userColumns("updated")} from updated`);

/**
 * Turns off the authenticator of a person who has lost it with all recovery codes, and ends their sessions. Nothing happens when they
 * have none. Throws `NotFound`, and `Forbidden` as `createPasswordResetLink`.
 */
export async function resetTotp(runtime: Runtime, caller: Caller, input: z.input<typeof ResetTotp>): Promise<User> {
  caller = authorizeInstallation(caller, "user.manage");
  const { userId, reason } = parseInput(ResetTotp, input);
  const user = await managed(runtime, caller, userId);
  const [updated] = await write(runtime, removeTotp, [...whoValues(caller), userId, reason]);
  forgetCredentials(runtime.database, [userId]);
  return updated ?? user;
}

async function managed(runtime: Runtime, caller: Caller, userId: string): Promise<User> {
  const [user] = await getUsers(runtime, caller, [userId]);
  if (!user) throw new NotFound("user");
  if (await outranks(runtime.database, userId, caller.actor)) throw new Forbidden("user.manage");
  return user;
}
