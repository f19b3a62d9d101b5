import { MusterError } from "@muster/domain/errors.ts";

const LINK_REFUSALS = {
  LINK_USED: "This link has been used already.",
  LINK_EXPIRED: "This link has expired.",
  LINK_UNKNOWN: "This link is not known here.",
  LINK_REVOKED: "The key that this link stands for no longer works.",
} as const;

export type LinkRefusal = keyof typeof LINK_REFUSALS;

/** The link or key does not sign in. `message` says why and what to do, and repeats neither. */
export class SignInRefused extends MusterError {
  readonly code: LinkRefusal | "KEY_REFUSED";
  constructor(code: LinkRefusal | "KEY_REFUSED") {
    super(
      code === "KEY_REFUSED"
        ? "This key is not known here, or no longer works. Copy it again in full, or run `npm run sign-in` for a link."
        : `${LINK_REFUSALS[code]} Run \`npm run sign-in\` for a new one, or sign in with a key.`,
    );
    this.code = code;
  }
}
