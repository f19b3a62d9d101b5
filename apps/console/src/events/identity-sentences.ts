import { textIn, valueIn } from "#events/event-payload.ts";
import type { Sentences } from "#events/other-event-words.ts";

const SIGNED_IN_BY: Readonly<Record<string, string>> = {
  PASSWORD: "by password",
  LINK: "by a one-time link",
  KEY: "by an API key",
  PASSWORD_LINK: "by choosing a password",
  OIDC: "by a provider",
};
const WHY_ENDED: Readonly<Record<string, string>> = {
  SIGNED_OUT: "signed out",
  ENDED: "it was ended",
  REPLACED: "signed in anew",
  PASSWORD_CHANGED: "the password changed",
  TOTP_DISABLED: "the authenticator was turned off",
  USER_DISABLED: "the person was disabled",
  KEY_REVOKED: "its key was revoked",
};

/** Who it is about: "Ada", or nothing where the log does not say. */
function person(payload: unknown, before = "", after = ""): string {
  const name =
    textIn(payload, "name") ??
    textIn(valueIn(payload, "after"), "name") ??
    textIn(valueIn(payload, "after"), "email") ??
    textIn(payload, "email");
  return name === undefined ? "" : `${before}${name}${after}`;
}

function role(payload: unknown, side: "before" | "after"): string {
  const name = textIn(valueIn(payload, side), "role") ?? textIn(payload, "role");
  return name === undefined ? "Role" : name.charAt(0) + name.slice(1).toLowerCase();
}

function refusedWhy(payload: unknown): string {
  if (valueIn(payload, "known") === false) return ": nobody is known by that";
  switch (textIn(payload, "code")) {
    case "LIMIT_EXCEEDED":
      return ": too many attempts";
    case "TOTP_REQUIRED":
      return ": the authenticator’s code was missing";
    default:
      return "";
  }
}

const key = (payload: unknown) => `Key ${textIn(payload, "name") ?? "?"}`;

/** How events of people, roles, sessions and keys read. */
export const IDENTITY_SENTENCES: Sentences = {
  "user.created": (payload) => `Person${person(payload, " ")} added`,
  "user.updated": (payload) => `Profile${person(payload, " of ")} changed`,
  "user.disabled": (payload) => `Person${person(payload, " ")} disabled`,
  "user.enabled": (payload) => `Person${person(payload, " ")} enabled again`,
  "user.password_changed": (payload) => `Password${person(payload, " of ")} changed`,
  "user.password_link_made": (payload) => `Password link${person(payload, " for ")} made`,
  "user.totp_started": () => "Setting up an authenticator",
  "user.totp_enabled": (payload) => `Authenticator${person(payload, " of ")} turned on`,
  "user.totp_disabled": (payload) => `Authenticator${person(payload, " of ")} turned off`,
  "user.recovery_codes_made": () => "New recovery codes made",
  "user.signed_in": (payload) => `Signed in ${SIGNED_IN_BY[textIn(payload, "by") ?? ""] ?? ""}`.trimEnd(),
  "api_key.signed_in": () => "Signed in by an API key",
  "user.sign_in_refused": (payload) => `Signing in refused${person(payload, " to ")}${refusedWhy(payload)}`,
  "session.ended": (payload) => {
    const why = WHY_ENDED[textIn(payload, "why") ?? ""];
    return `Session${person(payload, " of ")} ended${why === undefined ? "" : `: ${why}`}`;
  },
  "membership.granted": (payload) => `${role(payload, "after")} role given${person(payload, " to ")}`,
  "membership.changed": (payload) =>
    `Role${person(payload, " of ")} changed from ${role(payload, "before")} to ${role(payload, "after")}`,
  "membership.revoked": (payload) => `${role(payload, "before")} role taken away${person(payload, " from ")}`,
  "api_key.created": (payload) => `${key(payload)} made`,
  "api_key.rotated": (payload) => `${key(payload)} rotated`,
  "api_key.revoked": (payload) => `${key(payload)} revoked`,
};
