import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { appendEvents } from "@muster/events/append.ts";
import { authorize } from "@muster/operations/authorize.ts";
import { parseInput } from "@muster/operations/input.ts";
import { type Runtime, write } from "@muster/operations/runtime.ts";
import { z } from "zod";
import { whoValues } from "../identity-event.ts";
import { programPermissions } from "../live-key.ts";
import { forgetCredentials } from "../recent-answers.ts";
import { type ApiKey, apiKeyColumns, apiKeyEvent, CREATED_PAYLOAD } from "./api-key.ts";
import { refuseToken, type ShownKey } from "./create-api-key.ts";
import { keyInReach, keyReach, lackingIn } from "./key-reach.ts";
import { newKey } from "./new-key.ts";

const DAY_SECONDS = 86_400;

const RotateApiKey = z.object({
  apiKeyId: z.guid(),
  overlapSeconds: z
    .int("must be a whole number.")
    .min(0, "must be 0 or more.")
    .max(7 * DAY_SECONDS, "must be at most 604800, which is 7 days.")
    .nullish(),
});
export type RotateApiKeyInput = z.input<typeof RotateApiKey>;

const findKey = statement<ApiKey>(`select ${apiKeyColumns("k")} from api_keys k where k.id = $1 and ${keyInReach(2)}`);

/** The new key lives as long as the old one was given when it was made. */
const rotate = statement<ApiKey>(`
  with rotated as (
    update api_keys k set version = k.version + 1, replaced_by_id = $9,
      expires_at = least(k.expires_at, clock_timestamp() + make_interval(secs => $11))
    from api_keys old
    where k.id = $8 and old.id = k.id and ${keyInReach(5)} and k.kind <> 'agent' and k.revoked_at is null and k.replaced_by_id is null
      and (k.expires_at is null or k.expires_at > clock_timestamp())
    returning k.*, old.expires_at as given_until),
  created as (
    insert into api_keys (id, kind, name, hash, workspace_id, project_id, role, permissions, expires_at, creator_kind, creator_id, creator_name)
    select $9, kind, name, $10, workspace_id, project_id, role, permissions, clock_timestamp() + (given_until - created_at), $1, $2, $3
    from rotated returning *),
  happened as (
    ${apiKeyEvent("rotated", { type: "api_key.rotated", payload: "jsonb_build_object('replacedBy', replaced_by_id, 'expiresAt', expires_at)" })}
    union all
    ${apiKeyEvent("created", { type: "api_key.created", payload: `${CREATED_PAYLOAD} || jsonb_build_object('replaces', $8::uuid)` })}),
  appended as (${appendEvents("happened")})
  select ${apiKeyColumns("created")} from created`);

/**
 * Makes a key in the place of another one, which still works for `overlapSeconds`: a day unless it says otherwise, at most 7, never beyond its
 * own end. Throws `NotFound`, `Forbidden` for a key that may more than the caller, and `Conflict` for one that works no more or was rotated.
 */
export async function rotateApiKey(runtime: Runtime, caller: Caller, input: RotateApiKeyInput): Promise<ShownKey> {
  caller = authorize(caller, "key.manage");
  refuseToken(caller);
  const { apiKeyId, overlapSeconds } = parseInput(RotateApiKey, input);
  const reach = keyReach(caller, "key.manage");
  const [present] = await runtime.database.run(findKey, [apiKeyId, ...reach]);
  if (!present) throw new NotFound("API key");
  if (present.kind === "agent") {
    throw new InvalidInput([{ path: ["apiKeyId"], message: "is an agent's key: use rotateAgentKey." }]);
  }
  const held = present.role === null ? PERMISSIONS : programPermissions(present.role, present.permissions);
  const lacking = lackingIn(caller.actor, held, present);
  if (lacking !== null) throw new Forbidden(lacking);
  const { id, key, hash } = newKey(present.kind);
  const [apiKey] = await write(runtime, rotate, [
    ...whoValues(caller),
    ...reach,
    apiKeyId,
    id,
    hash,
    overlapSeconds ?? DAY_SECONDS,
  ]);
  if (!apiKey)
    throw new Conflict("the key to be", "active", await whatIsWrong(runtime, [apiKeyId, ...reach]), {
      advice: "Make a new key.",
    });
  forgetCredentials(runtime.database, [apiKeyId]);
  return { apiKey, key };
}

async function whatIsWrong(runtime: Runtime, values: readonly unknown[]): Promise<string> {
  const [key] = await runtime.database.run(findKey, values);
  return key?.state === "ACTIVE" ? "rotated" : (key?.state ?? "gone").toLowerCase();
}
