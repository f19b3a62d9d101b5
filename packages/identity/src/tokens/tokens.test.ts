import { createHmac, generateKeyPairSync, type JsonWebKey } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { type Caller, within } from "@muster/domain/actor.ts";
import { Forbidden, InvalidInput } from "@muster/domain/errors.ts";
import { formatId } from "@muster/domain/ids.ts";
import { createLocalJWKSet, decodeJwt, jwtVerify, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKeyFixture, type KeyFixture } from "../../test/key-fixture.ts";
import { createApiKey, type CreateApiKeyInput } from "../api-keys/create-api-key.ts";
import { revokeApiKey } from "../api-keys/revoke-api-key.ts";
import { authenticate } from "../authenticate.ts";
import { authenticateToken } from "../authenticate-token.ts";
import { currentSigningKey, verificationKeys } from "../signing-keys.ts";
import { signToken, type TokenClaims } from "./access-token.ts";
import { issueToken, type IssueTokenInput } from "./issue-token.ts";

let fixture: KeyFixture;
/** A program, and its key's id. */
let caller: Caller;
let keyId: string;

beforeAll(async () => {
  fixture = await createKeyFixture();
  ({ caller, keyId } = await newProgram());
});
afterAll(() => fixture.close());

async function newProgram(input: Partial<CreateApiKeyInput> = {}): Promise<{ caller: Caller; keyId: string }> {
  const { projectId, admin, runtime, database } = fixture;
  const { apiKey, key } = await createApiKey(runtime, admin, { projectId, name: "ci", role: "OPERATOR", ...input });
  const found = await authenticate(database, key);
  if (!found) throw new Error("The key does not work.");
  return {
    caller: { actor: found.actor, correlationId: null, origin: { credentialId: apiKey.id, address: null } },
    keyId: apiKey.id,
  };
}

const issue = async (input: IssueTokenInput = {}, who = caller) =>
  (await issueToken(fixture.runtime, who, input)).token;
const take = (token: string) => authenticateToken(fixture.database, token, "FRESH");
const signingKey = () => currentSigningKey(fixture.database, fixture.runtime.settings.encryptionKey, "TOKEN");

/** A token with other claims than ours has, signed as ours is. */
async function forged(changes: Partial<TokenClaims>): Promise<string> {
  const claims = decodeJwt(await issue()) as unknown as TokenClaims;
  return signToken(await signingKey(), { ...claims, ...changes });
}

const part = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

describe("issueToken", () => {
  it("makes a token that stands for its maker, with what it was given", async () => {
    const found = await take(await issue({ permissions: ["task.read", "task.create"] }));
    expect(found).toMatchObject({ credentialId: keyId, isToken: true, standing: { ids: [keyId] } });
    expect(found?.actor).toEqual({ ...caller.actor, permissions: new Set(["task.read", "task.create"]) });
    expect((await take(await issue()))?.actor).toEqual(caller.actor);
    const left = (found?.standing.expiresAt?.getTime() ?? 0) - Date.now();
    expect(left).toBeGreaterThan(595_000);
    expect(left).toBeLessThanOrEqual(600_000);
  });

  it("says what others need to check it, with the public keys", async () => {
    const token = await issue({ audience: "https://build.example.com", lifetimeSeconds: 30 });
    const keys = await verificationKeys(fixture.database, "TOKEN");
    expect(keys.some((key) => "d" in key)).toBe(false);
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet({ keys: keys as never }), {
      issuer: "muster",
      audience: "https://build.example.com",
    });
    const { workspaceId, projectId } = fixture;
    expect(protectedHeader).toMatchObject({ alg: "ES256", typ: "at+jwt" });
    expect(payload).toMatchObject({ sub: formatId("apiKey", keyId), client_id: formatId("apiKey", keyId) });
    const reach = { workspaces: [formatId("workspace", workspaceId)], projects: [formatId("project", projectId)] };
    expect(payload["reach"]).toEqual(reach);
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(30);
    expect(await take(token), "it is not for Muster").toBeNull();
  });

  it("gives nothing that the caller lacks, for no longer than an hour, and not to a token", async () => {
    await expect(issue({ permissions: ["user.manage"] })).rejects.toBeInstanceOf(Forbidden);
    for (const lifetimeSeconds of [0, -1, 3_601, 1.5]) {
      await expect(issue({ lifetimeSeconds })).rejects.toBeInstanceOf(InvalidInput);
    }
    const ofToken = { ...caller, origin: { credentialId: keyId, address: null, isToken: true } } as const;
    await expect(issue({}, ofToken)).rejects.toBeInstanceOf(InvalidInput);
  });

  it("speaks for an agent that came with a certificate", async () => {
    const agentId = await fixture.newAgent("certified");
    const { workspaceId, projectId } = fixture;
    const actor = { ...caller.actor, kind: "AGENT", id: agentId, reach: within(workspaceId, projectId) } as const;
    const token = await issue({}, { actor, correlationId: null, origin: { credentialId: null, address: null } });
    expect((await take(token))?.actor).toMatchObject({ kind: "AGENT", id: agentId, name: "certified" });
    await fixture.execute("update agents set state = 'DECOMMISSIONED' where id = $1", agentId);
    expect(await take(token)).toBeNull();
  });
});

describe("a token is refused", () => {
  const now = () => Math.floor(Date.now() / 1_000);

  it("when it has expired, or lives longer than any may", async () => {
    expect(await take(await forged({}))).not.toBeNull();
    expect(await take(await forged({ iat: now() - 20, exp: now() - 10 }))).toBeNull();
    expect(await take(await forged({ iat: now() - 7_200, exp: now() + 60 }))).toBeNull();
    const brief = await issue({ lifetimeSeconds: 1 });
    expect(await take(brief)).not.toBeNull();
    await expect.poll(() => authenticateToken(fixture.database, brief), { timeout: 3_000, interval: 50 }).toBeNull();
  });

  it("when anything of it was changed", async () => {
    const token = await issue({ permissions: ["task.read"] });
    const [header = "", payload = "", signature = ""] = token.split(".");
    const more = part({ ...decodeJwt(token), scope: "user.manage" });
    const other = (await issue()).split(".")[2] ?? "";
    const texts = [
      `${header}.${more}.${signature}`,
      `${header}.${payload}.${other}`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
    ];
    for (const text of [
      ...texts,
      `${token}x`,
      ` ${token}`,
      "eyJ",
      "eyJ..",
      "e.e.e",
      `${header}.${header}.${signature}`,
    ]) {
      expect(await take(text), text).toBeNull();
    }
  });

  it("when it names no algorithm, or another one", async () => {
    const token = await issue();
    const [, payload = "", signature = ""] = token.split(".");
    const { kid } = await signingKey();
    const header = (alg: string) => part({ alg, typ: "at+jwt", kid });
    for (const none of ["none", "None", "NONE"]) {
      for (const end of ["", signature]) expect(await take(`${header(none)}.${payload}.${end}`)).toBeNull();
    }
    // The public key, which everybody has, as if it were a shared secret.
    const [jwk] = await verificationKeys(fixture.database, "TOKEN");
    for (const secret of [JSON.stringify(jwk), jwk?.x ?? "", await pem(jwk as JsonWebKey)]) {
      const signed = `${header("HS256")}.${payload}`;
      const mac = createHmac("sha256", secret).update(signed).digest("base64url");
      expect(await take(`${signed}.${mac}`)).toBeNull();
    }
    // Rightly signed, by a key that is among ours: but not as tokens are.
    const ed25519 = generateKeyPairSync("ed25519");
    const otherKid = crypto.randomUUID();
    await fixture.execute(
      "insert into signing_keys (id, purpose, public_key, private_key, retired_at) values ($1, 'TOKEN', $2, '', clock_timestamp())",
      otherKid,
      JSON.stringify(ed25519.publicKey.export({ format: "jwk" })),
    );
    const otherwise = new SignJWT(decodeJwt(token)).setProtectedHeader({ alg: "EdDSA", typ: "at+jwt", kid: otherKid });
    const signedOtherwise = await otherwise.sign(ed25519.privateKey);
    await setTimeout(1_100);
    expect(await take(signedOtherwise)).toBeNull();
    // A key that comes along in the header.
    const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const jwkOfOwn = own.publicKey.export({ format: "jwk" }) as never;
    const brought = new SignJWT(decodeJwt(token)).setProtectedHeader({
      alg: "ES256",
      typ: "at+jwt",
      kid,
      jwk: jwkOfOwn,
    });
    expect(await take(await brought.sign(own.privateKey))).toBeNull();
  });

  it("when it is for or from somebody else, or is no access token", async () => {
    expect(await take(await forged({ aud: "https://elsewhere.example.com" }))).toBeNull();
    expect(await take(await forged({ iss: "https://elsewhere.example.com" }))).toBeNull();
    const { kid, privateKey } = await signingKey();
    const claims = decodeJwt(await issue());
    const typed = (typ: string) => new SignJWT(claims).setProtectedHeader({ alg: "ES256", typ, kid }).sign(privateKey);
    expect(await take(await typed("at+jwt"))).not.toBeNull();
    expect(await take(await typed("JWT"))).toBeNull();
    expect(await take(await forged({ sub: formatId("user", crypto.randomUUID()) }))).toBeNull();
    expect(await take(await forged({ client_id: formatId("apiKey", crypto.randomUUID()) }))).toBeNull();
  });

  it("when its key is not known, or its time is over", async () => {
    const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    const claims = decodeJwt(await issue()) as unknown as TokenClaims;
    const unknown = { kid: crypto.randomUUID(), algorithm: "ES256", privateKey: stranger } as const;
    expect(await take(await signToken(unknown, claims))).toBeNull();
    expect(await take(await signToken({ ...unknown, kid: "../../etc/passwd" }, claims))).toBeNull();

    const other = await createKeyFixture();
    try {
      expect(await authenticateToken(other.database, await issue())).toBeNull();
    } finally {
      await other.close();
    }
  });

  it("when the key behind it was revoked, or what it carries was taken away", async () => {
    const made = await newProgram();
    const token = await issue({}, made.caller);
    expect(await authenticateToken(fixture.database, token)).not.toBeNull();
    await fixture.execute("update api_keys set role = 'VIEWER' where id = $1", made.keyId);
    expect((await take(token))?.actor.permissions.has("task.create")).toBe(false);
    await revokeApiKey(fixture.runtime, fixture.admin, { apiKeyId: made.keyId, reason: "test" });
    expect(await authenticateToken(fixture.database, token)).toBeNull();
  });
});

async function pem(jwk: JsonWebKey): Promise<string> {
  const { createPublicKey } = await import("node:crypto");
  return createPublicKey({ key: jwk, format: "jwk" }).export({ format: "pem", type: "spki" }) as string;
}
