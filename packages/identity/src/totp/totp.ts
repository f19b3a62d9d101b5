import { Secret, TOTP } from "otpauth";

const STEP_SECONDS = 30;
const SECRET_BYTES = 20;
/** Clocks differ, and people are slow: one step before and after is taken too. */
const WINDOW = 1;

/** A new secret for an authenticator. */
export function newTotpSecret(): Uint8Array {
  return new Secret({ size: SECRET_BYTES }).bytes;
}

/** How an authenticator is given the secret: by hand, or as an address that it reads from a QR code. */
export function totpEnrolment(secret: Uint8Array, account: string): { readonly secret: string; readonly uri: string } {
  const own = totpOf(secret, account);
  return { secret: own.secret.base32, uri: own.toString() };
}

/** The time step whose code this is, at this time or one step beside it; null for another code. */
export function totpStep(secret: Uint8Array, code: string, at: Date): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const delta = totpOf(secret).validate({ token: code, timestamp: at.getTime(), window: WINDOW });
  return delta === null ? null : Math.floor(at.getTime() / 1_000 / STEP_SECONDS) + delta;
}

function totpOf(secret: Uint8Array, label = ""): TOTP {
  return new TOTP({
    issuer: "Muster",
    label,
    secret: new Secret({ buffer: Uint8Array.from(secret).buffer }),
    period: STEP_SECONDS,
  });
}
