import { MusterError } from "@muster/domain/errors.ts";

const REFUSALS = {
  OIDC_UNAVAILABLE: "The sign-in provider does not answer. Try again in a minute, or sign in another way.",
  /** The answer belongs to no sign-in that this browser began, took too long, or was used before. */
  OIDC_FAILED: "The answer of the sign-in provider could not be used. Begin again, in one tab.",
  OIDC_DENIED: "The sign-in provider did not let you in. Ask whoever runs it, or sign in another way.",
  OIDC_EMAIL_UNVERIFIED:
    "The sign-in provider has not checked your e-mail address. Have it checked there, then try again.",
  /** Also of people who are disabled: from outside they look the same. */
  OIDC_NOT_INVITED: "Nobody has invited you here, or your account is disabled. Ask an admin.",
} as const;
export type OidcRefusal = keyof typeof REFUSALS;

/** Signing in at the provider led to nothing. The code is for the address of the sign-in page. */
export class OidcRefused extends MusterError {
  readonly code: OidcRefusal;
  constructor(code: OidcRefusal, cause?: unknown) {
    super(REFUSALS[code]);
    this.code = code;
    this.cause = cause;
  }
}
