import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { authorizeInstallation } from "@muster/operations/authorize.ts";
import { parseInput, text } from "@muster/operations/input.ts";
import { type Runtime, write, writeAll } from "@muster/operations/runtime.ts";
import { z } from "zod";
import { identityEvent, whoValues } from "../identity-event.ts";
import { anotherAdmin, lastAdmin, lockInstallationAdmins } from "../memberships/installation-admins.ts";
import { forgetCredentials } from "../recent-answers.ts";
import { endedSessionEvents, endSessionsOf } from "../sessions/ended-sessions.ts";
import { getUsers } from "./user-queries.ts";
import { type User, userColumns } from "./user.ts";

const MoveUser = z.object({ userId: z.guid(), reason: text(1_000) });
export type MoveUserInput = z.input<typeof MoveUser>;

const NAME = "jsonb_build_object('name', name)";

// $1–$4 who, $5 person, $6 reason
const disable = statement<User>(`
  with updated as (
    update users u set disabled_at = clock_timestamp(), version = u.version + 1
    where u.id = $5 and u.disabled_at is null and (${anotherAdmin("u.id")} or not exists (
      select from memberships m where m.user_id = u.id and m.workspace_id is null and m.role = 'ADMIN'))
    returning u.*),
  voided as (
    update sign_in_links l set expires_at = least(l.expires_at, clock_timestamp()) from updated
    where l.user_id = updated.id and l.used_at is null),
  ended as (${endSessionsOf("updated")}),
  happened as (
    ${identityEvent("updated", { type: "user.disabled", payload: NAME, reason: "$6::text" })}
    union all ${endedSessionEvents("ended", "USER_DISABLED", { reason: "$6::text" })}),
  appended as (${appendEvents("happened")})
  select ${userColumns("updated")} from updated`);

const enable = statement<User>(`
  with updated as (
    update users u set disabled_at = null, version = u.version + 1 where u.id = $5 and u.disabled_at is not null returning u.*),
  happened as (${identityEvent("updated", { type: "user.enabled", payload: NAME, reason: "$6::text" })}),
  appended as (${appendEvents("happened")})
  select ${userColumns("updated")} from updated`);

/**
 * Keeps a person out: their sessions and links end, and nobody signs in as them. They keep their roles. Nothing happens when they are
 * disabled already. Throws `NotFound`, `Forbidden`, and `InvalidInput` for the last admin of the installation.
 */
export async function disableUser(runtime: Runtime, caller: Caller, input: MoveUserInput): Promise<User> {
  caller = authorizeInstallation(caller, "user.manage");
  const { userId, reason } = parseInput(MoveUser, input);
  const disabled = await writeAll(runtime, async (transaction) => {
    await lockInstallationAdmins(transaction);
    const [updated] = await transaction.run(disable, [...whoValues(caller), userId, reason]);
    return updated;
  });
  forgetCredentials(runtime.database, [userId]);
  const user = disabled ?? (await present(runtime, caller, userId));
  if (user.disabledAt === null) throw lastAdmin("userId");
  return user;
}

/** Lets a person in again, with the roles they have. Nothing happens when they are enabled. Throws `NotFound` and `Forbidden`. */
export async function enableUser(runtime: Runtime, caller: Caller, input: MoveUserInput): Promise<User> {
  caller = authorizeInstallation(caller, "user.manage");
  const { userId, reason } = parseInput(MoveUser, input);
  const [enabled] = await write(runtime, enable, [...whoValues(caller), userId, reason]);
  return enabled ?? present(runtime, caller, userId);
}

async function present(runtime: Runtime, caller: Caller, userId: string): Promise<User> {
  const [user] = await getUsers(runtime, caller, [userId]);
  if (!user) throw new NotFound("user");
  return user;
}
