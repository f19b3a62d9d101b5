import { statement } from "@muster/database/statement.ts";
import type { MusterError } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { systemCaller } from "@muster/operations/authorize.ts";
import { newId } from "@muster/operations/new-id.ts";
import { type Runtime, write } from "@muster/operations/runtime.ts";
import { identityEvent, whoValues } from "./identity-event.ts";
import type { SignInOrigin } from "./sessions/session-start.ts";

const insertEvent = statement<never>(`
  with tried as (select $5::uuid as id, coalesce((select version from users where id = $5), 0) as version),
  happened as (${identityEvent("tried", {
    type: "user.sign_in_refused",
    payload: "jsonb_build_object('code', $6::text, 'known', $7::boolean, 'limit', $8::text)",
  })})
  ${appendEvents("happened")}`);

/**
 * Writes that somebody tried to sign in as this person (null: as nobody we know) and was refused. What was typed is not written: some
 * type their password where the e-mail address belongs.
 */
export async function recordRefusal(
  runtime: Runtime,
  userId: string | null,
  refusal: MusterError,
  { correlationId, address }: SignInOrigin,
): Promise<void> {
  const caller = { ...systemCaller("sign-in"), correlationId, origin: { credentialId: null, address } };
  const limit = "limit" in refusal ? refusal.limit : null;
  await write(runtime, insertEvent, [...whoValues(caller), userId ?? newId(), refusal.code, userId !== null, limit]);
}
