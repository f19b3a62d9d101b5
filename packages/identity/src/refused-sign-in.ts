import { statement } from "@muster/database/statement.ts";
import { MusterError } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { systemCaller } from "@muster/operations/authorize.ts";
import { newId } from "@muster/operations/new-id.ts";
import { type Runtime, write } from "@muster/operations/runtime.ts";
import { AttemptRefused, isWorthAnEvent } from "./attempts.ts";
import { identityEvent, whoValues } from "./identity-event.ts";
import type { SignInOrigin } from "./sessions/session-start.ts";
import { SignInRefused } from "./sign-in-refused.ts";

/** Whose sign-in it would have been: UUIDs; neither when it is nobody's whom we know. */
export interface Claimed {
  readonly userId?: string | null;
  readonly apiKeyId?: string | null;
}

const insertEvent = (kind: "user" | "api_key", version: string) =>
  statement<never>(`
  with tried as (select $5::uuid as id, ${version} as version),
  happened as (${identityEvent("tried", {
    type: `${kind}.sign_in_refused`,
    payload: "jsonb_build_object('code', $6::text, 'known', $7::boolean, 'limit', $8::text)",
  })})
  ${appendEvents("happened")}`);

const ofUser = insertEvent("user", "coalesce((select version from users where id = $5), 0)");
const ofKey = insertEvent("api_key", "1");

/**
 * Writes that somebody tried to sign in and was refused. What was typed is not written: some type their password where the e-mail
 * address belongs.
 */
export async function recordRefusal(
  runtime: Runtime,
  { userId = null, apiKeyId = null }: Claimed,
  refusal: MusterError,
  { correlationId, address }: SignInOrigin,
): Promise<void> {
  const caller = { ...systemCaller("sign-in"), correlationId, origin: { credentialId: null, address } };
  const limit = refusal instanceof AttemptRefused ? refusal.limit : null;
  const subject = userId ?? apiKeyId;
  const values = [...whoValues(caller), subject ?? newId(), refusal.code, subject !== null, limit];
  await write(runtime, userId === null && apiKeyId !== null ? ofKey : ofUser, values);
}

/**
 * Does what signs somebody in, and writes to the log when that is refused: of what a limit refuses only the first of each window, and
 * of the rest only so many from one address, so that nobody can fill the log.
 */
export async function orRecord<Result>(
  runtime: Runtime,
  claimed: Claimed | (() => Promise<Claimed>),
  origin: SignInOrigin,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MusterError) || !isRefusal(error)) throw error;
    if (error instanceof AttemptRefused || (await isWorthAnEvent(runtime, origin.address))) {
      await recordRefusal(runtime, typeof claimed === "function" ? await claimed() : claimed, error, origin);
    }
    throw error;
  }
}

/** Being asked for a code is no refusal yet. */
function isRefusal(error: MusterError): boolean {
  if (error instanceof AttemptRefused) return error.isFirst;
  return error instanceof SignInRefused && error.code !== "TOTP_REQUIRED";
}
