import { Conflict, LimitExceeded } from "@muster/domain/errors.ts";
import { changePassword } from "@muster/identity/passwords/change-password.ts";
import { updateProfile } from "@muster/identity/people/update-profile.ts";
import { confirmTotp } from "@muster/identity/totp/confirm-totp.ts";
import { disableTotp } from "@muster/identity/totp/disable-totp.ts";
import { regenerateRecoveryCodes } from "@muster/identity/totp/regenerate-recovery-codes.ts";
import { startTotp } from "@muster/identity/totp/start-totp.ts";
import { builder } from "../builder.ts";
import { mutation, successOf } from "../mutation.ts";
import { UserType } from "./user.ts";

const OWN = { none: "Everybody may change their own account." } as const;
const PASSWORD = "Your password, where you have one: shows that it is you who asks.";
const CODE = "Or a code of your authenticator, or a recovery code.";

mutation("updateProfile", {
  permission: OWN,
  description: "Changes your name, and your e-mail address: that needs user.manage, because people are found by it.",
  input: builder.inputType("UpdateProfileInput", {
    description: "What to change. What is left out stays.",
    fields: (t) => ({
      name: t.string({ description: "Your name." }),
      email: t.string({ description: "The address that you sign in with." }),
    }),
  }),
  success: successOf("updateProfile", UserType),
  resolve: async (input, { installation: runtime, caller }) => ({ data: await updateProfile(runtime, caller, input) }),
});

mutation("changePassword", {
  permission: OWN,
  description: "Gives you a new password. You are signed out in all other browsers.",
  input: builder.inputType("ChangePasswordInput", {
    description: "The old and the new password.",
    fields: (t) => ({
      currentPassword: t.string({ description: "The present one, where you have one." }),
      newPassword: t.string({
        required: true,
        description: "12 to 200 characters, not easy to guess, without your name or e-mail address.",
      }),
    }),
  }),
  success: successOf("changePassword", UserType),
  errors: [Conflict, LimitExceeded],
  resolve: async (input, { installation: runtime, caller }) => ({ data: await changePassword(runtime, caller, input) }),
});

mutation("startTotp", {
  permission: OWN,
  description: "Makes the secret of a new authenticator. It counts once confirmTotp has seen a code of it.",
  input: builder.inputType("StartTotpInput", {
    description: "Shows that it is you who asks.",
    fields: (t) => ({ password: t.string({ description: PASSWORD }) }),
  }),
  success: builder.objectRef<{ readonly secret: string; readonly uri: string }>("StartTotpSuccess").implement({
    description: "startTotp did what was asked.",
    fields: (t) => ({
      secret: t.exposeString("secret", { description: "For typing into an authenticator: shown this once." }),
      uri: t.exposeString("uri", { description: "The same for a QR code, as otpauth://…" }),
    }),
  }),
  errors: [LimitExceeded],
  resolve: (input, { installation: runtime, caller }) => startTotp(runtime, caller, input),
});

interface Codes {
  readonly recoveryCodes: readonly string[];
}

const codesOf = (name: string, title: string) =>
  builder.objectRef<Codes>(title).implement({
    description: `${name} did what was asked.`,
    fields: (t) => ({
      recoveryCodes: t.stringList({
        description: "Each stands in once for the authenticator: shown this once.",
        resolve: ({ recoveryCodes }) => [...recoveryCodes],
      }),
    }),
  });

mutation("confirmTotp", {
  permission: OWN,
  description: "Turns the new authenticator on: from now on signing in by password needs a code.",
  input: builder.inputType("ConfirmTotpInput", {
    description: "Shows that the authenticator works.",
    fields: (t) => ({ code: t.string({ required: true, description: "The code that it shows." }) }),
  }),
  success: codesOf("confirmTotp", "ConfirmTotpSuccess"),
  errors: [Conflict, LimitExceeded],
  resolve: (input, { installation: runtime, caller }) => confirmTotp(runtime, caller, input),
});

mutation("disableTotp", {
  permission: OWN,
  description: "Turns your authenticator off. You are signed out in all other browsers.",
  input: builder.inputType("DisableTotpInput", {
    description: "Shows that it is you who asks.",
    fields: (t) => ({ password: t.string({ description: PASSWORD }), code: t.string({ description: CODE }) }),
  }),
  success: successOf("disableTotp", UserType),
  errors: [Conflict, LimitExceeded],
  resolve: async (input, { installation: runtime, caller }) => ({ data: await disableTotp(runtime, caller, input) }),
});

mutation("regenerateRecoveryCodes", {
  permission: OWN,
  description: "Gives you new recovery codes; the old ones no longer work.",
  input: builder.inputType("RegenerateRecoveryCodesInput", {
    description: "Shows that it is you who asks.",
    fields: (t) => ({ password: t.string({ description: PASSWORD }), code: t.string({ description: CODE }) }),
  }),
  success: codesOf("regenerateRecoveryCodes", "RegenerateRecoveryCodesSuccess"),
  errors: [Conflict, LimitExceeded],
  resolve: (input, { installation: runtime, caller }) => regenerateRecoveryCodes(runtime, caller, input),
});
