import type { KeyObject } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import type { SigningKey } from "../signing-keys.ts";

/** The only algorithm that is taken, whatever a token says of itself. */
const ALGORITHM = "ES256";
/** Tells access tokens from all else that may ever be signed with the same key (RFC 9068). */
const TYPE = "at+jwt";
export const MOST_LIFETIME_SECONDS = 3_600;

/** What a token says. Ids are public ids. */
const Claims = z.object({
  iss: z.string(),
  aud: z.string(),
  /** The person, program or agent. */
  sub: z.string(),
  /** The key or session it was made with, or the agent whose certificate. */
  client_id: z.string(),
  /** The permissions that it carries, with spaces between. */
  scope: z.string(),
  jti: z.string(),
  iat: z.number(),
  exp: z.number(),
});
export type TokenClaims = z.output<typeof Claims>;

/** Where it acts, for others who read it; Muster looks that up. */
export interface TokenReach {
  readonly workspaces: readonly string[] | null;
  readonly projects: readonly string[] | null;
}

/** The text of a token. */
export async function signToken(
  { kid, privateKey }: SigningKey,
  claims: TokenClaims & { readonly reach?: TokenReach },
): Promise<string> {
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid }).sign(privateKey);
}

export interface Expected {
  /** The issuer, which is also the audience of what is meant for Muster. */
  readonly issuer: string;
  /** The key with this id, and the present time. */
  readonly keyOf: (kid: string) => Promise<{ readonly key: KeyObject | null; readonly now: Date }>;
}

/** What a token for Muster says, when it was signed by it and has not expired; null for any other text. */
export async function verifyToken(token: string, { issuer, keyOf }: Expected): Promise<TokenClaims | null> {
  const kid = kidOf(token);
  if (kid === null) return null;
  const { key, now } = await keyOf(kid);
  if (key === null) return null;
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      typ: TYPE,
      issuer,
      audience: issuer,
      currentDate: now,
      requiredClaims: ["exp", "iat", "jti", "sub"],
      maxTokenAge: MOST_LIFETIME_SECONDS,
    });
    const claims = Claims.safeParse(payload);
    return claims.success ? claims.data : null;
  } catch {
    return null;
  }
}

/** Which key a token names, before anything of it is believed. */
function kidOf(token: string): string | null {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split(".", 1)[0] ?? "", "base64url").toString());
    const { kid, alg } = z.object({ kid: z.uuid(), alg: z.literal(ALGORITHM) }).parse(header);
    return alg && kid;
  } catch {
    return null;
  }
}
