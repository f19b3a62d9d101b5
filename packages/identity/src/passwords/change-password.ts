import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict, InvalidInput } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { parseInput } from "@muster/operations/input.ts";
import { type Runtime, write } from "@muster/operations/runtime.ts";
import { z } from "zod";
import { identityEvent, whoValues } from "../identity-event.ts";
import { demandProof, ownAccount } from "../own-account.ts";
import { type User, userColumns } from "../people/user.ts";
import { forgetCredentials } from "../recent-answers.ts";
import { endedSessionEvents, endSessionsOf } from "../sessions/ended-sessions.ts";
import { hashPassword, verifyPassword } from "./password-hash.ts";
import { MOST_PASSWORD_CHARACTERS, refuseWeakPassword } from "./password-rules.ts";

const ChangePassword = z.object({
  currentPassword: z
    .string()
    .max(4 * MOST_PASSWORD_CHARACTERS)
    .nullish(),
  newPassword: z.string().max(4 * MOST_PASSWORD_CHARACTERS),
});
export type ChangePasswordInput = z.input<typeof ChangePassword>;

// $1–$4 who, $5 person, $6 version, $7 hash, $8 the session that stays
const setPassword = statement<User>(`
  with updated as (
    update users u set password_hash = $7, version = u.version + 1
    where u.id = $5 and u.version = $6 and u.disabled_at is null returning u.*),
  voided as (
    update sign_in_links l set expires_at = least(l.expires_at, clock_timestamp()) from updated
    where l.user_id = updated.id and l.used_at is null),
  ended as (${endSessionsOf("updated", "$8::uuid")}),
  happened as (
    ${identityEvent("updated", { type: "user.password_changed", payload: "jsonb_build_object('by', 'PERSON')" })}
    union all ${endedSessionEvents("ended", "PASSWORD_CHANGED")}),
  appended as (${appendEvents("happened")})
  select ${userColumns("updated")} from updated`);

/**
 * Gives the person who asks a new password, and ends their other sessions and links. Throws `InvalidInput` when the current password is
 * wrong or missing (where there is one), or the new one is easy to guess or the same; `LimitExceeded` after too many attempts.
 */
export async function changePassword(runtime: Runtime, caller: Caller, input: ChangePasswordInput): Promise<User> {
  const { currentPassword, newPassword } = parseInput(ChangePassword, input);
  const person = await ownAccount(runtime, caller);
  await refuseWeakPassword(newPassword, person);
  if (person.passwordHash !== null) {
    if (typeof currentPassword !== "string") {
      throw new InvalidInput([{ path: ["currentPassword"], message: "is needed: show that it is you who asks." }]);
    }
    await demandProof(runtime, person, { password: currentPassword }).catch((error: unknown) => {
      if (!(error instanceof InvalidInput)) throw error;
      throw new InvalidInput([{ path: ["currentPassword"], message: "is not right." }]);
    });
    if (await verifyPassword(newPassword, person.passwordHash)) {
      throw new InvalidInput([{ path: ["newPassword"], message: "is the one that you have already." }]);
    }
  }
  const values = [person.userId, person.version, await hashPassword(newPassword), caller.origin?.credentialId ?? null];
  const [updated] = await write(runtime, setPassword, [...whoValues(caller), ...values]);
  if (!updated) throw new Conflict("your account's version", String(person.version), "another");
  forgetCredentials(runtime.database, [person.userId]);
  return updated;
}
