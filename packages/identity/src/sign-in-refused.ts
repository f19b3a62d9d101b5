import { MusterError } from "@muster/domain/errors.ts";

const LINK_REFUSALS = {
  LINK_USED: "This link has been used already.",
  LINK_EXPIRED: "This link has expired, or a newer one has taken its place.",
  LINK_UNKNOWN: "This link is not known here.",
  LINK_REVOKED: "The account or key that this link stands for no longer works.",
} as const;

const REFUSALS = {
  KEY_REFUSED:
    "This key is not known here, or no longer works. Copy it again in full, or run `npm run sign-in` for a link.",
  LINK_SETS_PASSWORD: "This link is for choosing a password. Open it in the browser and choose one.",
  LINK_SIGNS_IN: "This link signs in, it sets no password. Open it in the browser.",
  CREDENTIALS_REFUSED: "The e-mail address or the password is not right. Try again, or ask an admin for a new link.",
  TOTP_REQUIRED: "Enter the code of your authenticator, or one of your recovery codes.",
  CODE_REFUSED: "This code is not right, or has been used. Wait for the next one, or use a recovery code.",
} as const;

export type LinkRefusal = keyof typeof LINK_REFUSALS | "LINK_SETS_PASSWORD" | "LINK_SIGNS_IN";
export type SignInRefusal = LinkRefusal | keyof typeof REFUSALS;

/** The link, key or password does not sign in. `message` says why and what to do, and repeats none of them. */
export class SignInRefused extends MusterError {
  readonly code: SignInRefusal;
  constructor(code: SignInRefusal) {
    super(
      code in REFUSALS
        ? REFUSALS[code as keyof typeof REFUSALS]
        : `${LINK_REFUSALS[code as keyof typeof LINK_REFUSALS]} Run \`npm run sign-in\` for a new one, ask an admin, or sign in another way.`,
    );
    this.code = code;
  }
}
