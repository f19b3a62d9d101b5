import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { authorizeInstallation } from "@muster/operations/authorize.ts";
import { parseInput, text } from "@muster/operations/input.ts";
import { type Runtime, write } from "@muster/operations/runtime.ts";
import { z } from "zod";
import { identityEvent, whoValues } from "../identity-event.ts";
import { ownAccount } from "../own-account.ts";
import { forgetCredentials } from "../recent-answers.ts";
import { email } from "./email.ts";
import { type User, userColumns } from "./user.ts";

const UpdateProfile = z.object({ name: text(200).nullish(), email: email.nullish() });
export type UpdateProfileInput = z.input<typeof UpdateProfile>;

// $1–$4 who, $5 person, $6 name, $7 e-mail address; null leaves what is
const update = statement<User>(`
  with before as (select u.id, u.name, u.email from users u where u.id = $5),
  updated as (
    update users u set name = coalesce($6, u.name), email = coalesce($7, u.email), version = u.version + 1
    from before b where u.id = b.id and u.disabled_at is null and ($6 <> u.name or $7 is distinct from coalesce(u.email, '') and $7 is not null)
    returning u.*, b.name as name_before, b.email as email_before),
  happened as (${identityEvent("updated", {
    type: "user.updated",
    payload: `jsonb_build_object('before', jsonb_build_object('name', name_before, 'email', email_before),
      'after', jsonb_build_object('name', name, 'email', email))`,
  })}),
  appended as (${appendEvents("happened")})
  select ${userColumns("updated")} from updated`);

const userById = statement<User>(`select ${userColumns("u")} from users u where u.id = $1`);
const UNIQUE_VIOLATION = "23505";

/**
 * Changes the name of the person who asks, and their e-mail address where they manage people: by the address invitations and other
 * providers find a person, so nobody gives themselves another's. Throws `Forbidden`, and `InvalidInput` when the address is taken.
 */
export async function updateProfile(runtime: Runtime, caller: Caller, input: UpdateProfileInput): Promise<User> {
  const { name, email: address } = parseInput(UpdateProfile, input);
  const person = await ownAccount(runtime, caller);
  if (typeof address === "string" && address !== person.email) authorizeInstallation(caller, "user.manage");
  const values = [...whoValues(caller), person.userId, name ?? null, address ?? null];
  const [updated] = await write(runtime, update, values).catch((error: unknown) => {
    if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
    throw new InvalidInput([{ path: ["email"], message: "is somebody else's." }]);
  });
  forgetCredentials(runtime.database, [person.userId]);
  const [present] = updated ? [updated] : await runtime.database.run(userById, [person.userId]);
  if (!present) throw new NotFound("user");
  return present;
}
