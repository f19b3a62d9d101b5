import * as client from "openid-client";
import { OidcRefused } from "./oidc-refused.ts";

export interface OidcClientSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
}

/** What has to be kept, by the browser that began, until the provider sends it back. */
export interface OidcChecks {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Who the provider says somebody is. */
export interface OidcIdentity {
  readonly issuer: string;
  readonly subject: string;
  /** Only one that the provider has checked. */
  readonly email: string | null;
  readonly name: string | null;
}

const TIMEOUT_SECONDS = 10;
const SCOPE = "openid email profile";
/** After this time its settings and keys are read again. */
const KEEP_MS = 3_600_000;

/** One OpenID Connect provider: authorization code with PKCE, state and nonce; the id token's signature is checked. It is asked for its settings when they are first needed, again after a failure. */
export class OidcProvider {
  readonly #settings: OidcClientSettings;
  #found: Promise<client.Configuration> | null = null;
  #foundAt = 0;

  constructor(settings: OidcClientSettings) {
    this.#settings = settings;
  }

  /** Where to send the browser, and what to keep. Throws `OidcRefused` when the provider is away. */
  async begin(redirectUri: string): Promise<{ readonly url: URL; readonly checks: OidcChecks }> {
    const configuration = await this.#configuration();
    const checks = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
    };
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: SCOPE,
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(checks.verifier),
      code_challenge_method: "S256",
    });
    return { url, checks };
  }

  /** Who came back to `url`. Throws `OidcRefused` when that is no right answer to what `begin` asked. */
  async finish(url: URL, { state, nonce, verifier }: OidcChecks): Promise<OidcIdentity> {
    const configuration = await this.#configuration();
    try {
      const tokens = await client.authorizationCodeGrant(configuration, url, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw new OidcRefused("OIDC_FAILED");
      // Some tell of the address only where they are asked for it.
      const told =
        claims["email"] === undefined && configuration.serverMetadata().userinfo_endpoint
          ? await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)
          : claims;
      return {
        issuer: claims.iss,
        subject: claims.sub,
        email: told["email_verified"] === true && typeof told["email"] === "string" ? told["email"] : null,
        name: typeof told["name"] === "string" && told["name"] !== "" ? told["name"] : null,
      };
    } catch (error) {
      throw refusalOf(error);
    }
  }

  #configuration(): Promise<client.Configuration> {
    if (this.#found && performance.now() - this.#foundAt < KEEP_MS) return this.#found;
    const finding = this.#discover();
    this.#found = finding;
    this.#foundAt = performance.now();
    finding.catch(() => {
      if (this.#found === finding) this.#found = null;
    });
    return finding;
  }

  async #discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings;
    const isPlain = issuer.startsWith("http://");
    try {
      return await client.discovery(
        new URL(issuer),
        clientId,
        {},
        clientSecret === null ? client.None() : client.ClientSecretBasic(clientSecret),
        {
          timeout: TIMEOUT_SECONDS,
          execute: [client.enableNonRepudiationChecks, ...(isPlain ? [client.allowInsecureRequests] : [])],
        },
      );
    } catch (error) {
      throw new OidcRefused("OIDC_UNAVAILABLE", error);
    }
  }
}

function refusalOf(error: unknown): OidcRefused {
  if (error instanceof OidcRefused) return error;
  if (error instanceof client.AuthorizationResponseError) return new OidcRefused("OIDC_DENIED", error);
  const isAway =
    error instanceof TypeError || (error instanceof Error && /TIMEOUT/.test(String("code" in error && error.code)));
  return new OidcRefused(isAway ? "OIDC_UNAVAILABLE" : "OIDC_FAILED", error);
}
