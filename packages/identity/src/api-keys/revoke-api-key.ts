import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict, NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { authorize } from "@muster/operations/authorize.ts";
import { parseInput, text } from "@muster/operations/input.ts";
import { type Runtime, write } from "@muster/operations/runtime.ts";
import { z } from "zod";
import { whoValues } from "../identity-event.ts";
import { forgetCredentials } from "../recent-answers.ts";
import { type ApiKey, apiKeyColumns, apiKeyEvent } from "./api-key.ts";
import { keyInReach, keyReach } from "./key-reach.ts";

const RevokeApiKey = z.object({ apiKeyId: z.guid(), reason: text(1_000) });
export type RevokeApiKeyInput = z.input<typeof RevokeApiKey>;

const revoke = statement<ApiKey>(`
  with revoked as (
    update api_keys k set version = k.version + 1, revoked_at = greatest(clock_timestamp(), k.created_at)
    where k.id = $8 and k.revoked_at is null and ${keyInReach(5)} returning *),
  happened as (${apiKeyEvent("revoked", { type: "api_key.revoked", payload: "'{}'::jsonb", reason: "$9" })}),
  appended as (${appendEvents("happened")})
  select ${apiKeyColumns("revoked")} from revoked`);

const isThere = statement<object>(`select from api_keys k where k.id = $1 and ${keyInReach(2)}`);

/**
 * Ends a key, a program's or an agent's: at once, with all sessions, tokens and connections that hang on it. Throws `NotFound`, and `Conflict`
 * when it was revoked before.
 */
export async function revokeApiKey(runtime: Runtime, caller: Caller, input: RevokeApiKeyInput): Promise<ApiKey> {
  caller = authorize(caller, "key.manage");
  const { apiKeyId, reason } = parseInput(RevokeApiKey, input);
  const reach = keyReach(caller, "key.manage");
  const [revoked] = await write(runtime, revoke, [...whoValues(caller), ...reach, apiKeyId, reason]);
  if (!revoked) {
    if ((await runtime.database.run(isThere, [apiKeyId, ...reach])).length === 0) throw new NotFound("API key");
    throw new Conflict("the key to be", "not revoked", "revoked", {
      advice: "It works no more: there is nothing left to do.",
    });
  }
  // After the commit: what was looked up before it may still have found the key.
  forgetCredentials(runtime.database, [apiKeyId]);
  return revoked;
}
