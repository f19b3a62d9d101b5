import { randomUUID } from "node:crypto";
import { statement } from "@muster/database/statement.ts";
import type { Actor, Caller } from "@muster/domain/actor.ts";
import { Forbidden, InvalidInput } from "@muster/domain/errors.ts";
import { formatId, type IdKind } from "@muster/domain/ids.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { parseInput, text } from "@muster/operations/input.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { z } from "zod";
import { currentSigningKey } from "../signing-keys.ts";
import { MOST_LIFETIME_SECONDS, signToken, type TokenReach } from "./access-token.ts";

const DEFAULT_LIFETIME_SECONDS = 600;
/** More than these would make the token too long for a header. */
const MOST_IN_REACH = 20;

const IssueToken = z.object({
  audience: text(200).nullish(),
  lifetimeSeconds: z
    .int("must be a whole number.")
    .min(1, "must be 1 or more.")
    .max(MOST_LIFETIME_SECONDS, "must be at most 3600, which is an hour.")
    .nullish(),
  permissions: z.array(z.enum(PERMISSIONS)).min(1, "must name at least one, or be left out.").nullish(),
});
export type IssueTokenInput = z.input<typeof IssueToken>;

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/** What the credential is, and the time. */
const credentialKind = statement<{ isKey: boolean; isSession: boolean; now: Date }>(`
  select exists (select from api_keys where id = $1) as "isKey", exists (select from sessions where id = $1) as "isSession",
    clock_timestamp() as now`);

/**
 * Makes a short-lived token for whoever asks: it carries permissions that they have, all unless it names some, and works no longer than the key
 * or session it was made with. Throws `Forbidden` for permissions that the caller lacks, and `InvalidInput`, also for a token that asks.
 */
export async function issueToken(runtime: Runtime, caller: Caller, input: IssueTokenInput): Promise<IssuedToken> {
  const { audience, lifetimeSeconds, permissions } = parseInput(IssueToken, input);
  const { actor, origin } = caller;
  if (origin === null || origin.isToken) {
    const message = "A token makes no other one. Ask with the key, session or certificate that it was made with.";
    throw new InvalidInput([{ path: [], message }]);
  }
  const lacking = permissions?.find((permission) => !actor.permissions.has(permission));
  if (lacking) throw new Forbidden(lacking);
  const { database, settings } = runtime;
  const [credential] = await database.run(credentialKind, [origin.credentialId]);
  const now = Math.floor((credential?.now.getTime() ?? Date.now()) / 1_000);
  const exp = now + (lifetimeSeconds ?? DEFAULT_LIFETIME_SECONDS);
  const reach = reachOf(actor);
  const token = await signToken(await currentSigningKey(database, settings.encryptionKey, "TOKEN"), {
    iss: settings.tokenIssuer,
    aud: audience ?? settings.tokenIssuer,
    sub: subjectOf(actor),
    client_id: clientOf(actor, origin.credentialId, credential),
    scope: (permissions ?? [...actor.permissions]).join(" "),
    ...(reach ? { reach } : {}),
    jti: randomUUID(),
    iat: now,
    exp,
  });
  return { token, expiresAt: new Date(exp * 1_000) };
}

const SUBJECTS: Partial<Record<Actor["kind"], IdKind>> = { USER: "user", AGENT: "agent", API_KEY: "apiKey" };

function subjectOf({ kind, id }: Actor): string {
  const idKind = SUBJECTS[kind];
  if (!idKind || id === null) throw new TypeError(`Tokens are not made for ${kind}.`);
  return formatId(idKind, id);
}

function clientOf(
  actor: Actor,
  credentialId: string | null,
  found: { readonly isKey: boolean; readonly isSession: boolean } | undefined,
): string {
  if (credentialId !== null && found?.isKey) return formatId("apiKey", credentialId);
  if (credentialId !== null && found?.isSession) return formatId("session", credentialId);
  return subjectOf(actor);
}

/** Null when it is too long to tell. */
function reachOf({ reach }: Actor): TokenReach | null {
  const { workspaceIds, projectIds } = reach;
  if ((workspaceIds?.length ?? 0) + (projectIds?.length ?? 0) > MOST_IN_REACH) return null;
  return {
    workspaces: workspaceIds && workspaceIds.map((id) => formatId("workspace", id)),
    projects: projectIds && projectIds.map((id) => formatId("project", id)),
  };
}
