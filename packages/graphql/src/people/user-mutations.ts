import { disableUser, enableUser } from "@muster/identity/people/disable-user.ts";
import { createPasswordResetLink, resetTotp } from "@muster/identity/people/reset-sign-in.ts";
import type { User } from "@muster/identity/people/user.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { setPasswordAddress } from "./link-address.ts";
import { UserType } from "./user.ts";

const movedUser = (name: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({
      userId: t.id({ required: true, description: "The person." }),
      reason: t.string({ required: true, description: "Why, for the log." }),
    }),
  });

mutation("disableUser", {
  permission: "user.manage",
  description: "Keeps a person out: their sessions end, and nobody signs in as them. They keep their roles.",
  input: movedUser("DisableUserInput", "Whom to keep out."),
  success: successOf("disableUser", UserType),
  resolve: async ({ userId, reason }, { installation: runtime, caller }) => ({
    data: await disableUser(runtime, caller, { userId: uuidOf("user", userId), reason }),
  }),
});

mutation("enableUser", {
  permission: "user.manage",
  description: "Lets a person in again, with the roles that they have.",
  input: movedUser("EnableUserInput", "Whom to let in again."),
  success: successOf("enableUser", UserType),
  resolve: async ({ userId, reason }, { installation: runtime, caller }) => ({
    data: await enableUser(runtime, caller, { userId: uuidOf("user", userId), reason }),
  }),
});

mutation("resetTotp", {
  permission: "user.manage",
  description: "Turns off the authenticator of a person who has lost it and the recovery codes. Their sessions end.",
  input: movedUser("ResetTotpInput", "Whose authenticator to turn off."),
  success: successOf("resetTotp", UserType),
  resolve: async ({ userId, reason }, { installation: runtime, caller }) => ({
    data: await resetTotp(runtime, caller, { userId: uuidOf("user", userId), reason }),
  }),
});

interface ResetLink {
  readonly data: User;
  readonly link: string;
}

mutation("createPasswordResetLink", {
  permission: "user.manage",
  description:
    "Makes a link by which a person chooses a new password; older ones no longer work. There is no mail: hand it over yourself.",
  input: builder.inputType("CreatePasswordResetLinkInput", {
    description: "Who may choose a new password.",
    fields: (t) => ({ userId: t.id({ required: true, description: "The person." }) }),
  }),
  success: builder.objectRef<ResetLink>("CreatePasswordResetLinkSuccess").implement({
    description: "createPasswordResetLink did what was asked.",
    fields: (t) => ({
      data: t.field({ type: UserType, description: "The person.", resolve: (made) => made.data }),
      link: t.exposeString("link", {
        description:
          "Where they choose their password, within an hour, once: shown this once. A path where Muster does not know its own address.",
      }),
    }),
  }),
  resolve: async ({ userId }, { installation: runtime, caller }) => {
    const { user, token } = await createPasswordResetLink(runtime, caller, { userId: uuidOf("user", userId) });
    return { data: user, link: setPasswordAddress(runtime, token) };
  },
});
