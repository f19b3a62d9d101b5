import { type Identity, getUsers, listIdentities } from "@muster/identity/people/user-queries.ts";
import type { User } from "@muster/identity/people/user.ts";
import { builder } from "../builder.ts";
import { loadedById } from "../loading.ts";
import { nestedField } from "../nested-list.ts";

/** People see themselves without any permission; of others, what the operations let them see. */
export const OWN_OR_VISIBLE = {
  none: "Everybody may see themselves; others answer as missing where they are not to be seen.",
} as const;

export const UserType = builder.loadableNodeRef<User>("User", {
  id: { resolve: (user) => user.id, description: "Its id, user_…" },
  load: (ids, { installation: runtime, caller }) => getUsers(runtime, caller, ids),
  ...loadedById,
});

const UserIdentityType = builder.objectRef<Identity>("UserIdentity").implement({
  permission: OWN_OR_VISIBLE,
  description: "An account at another provider that a person signs in with.",
  fields: (t) => ({
    issuer: t.exposeString("issuer", { description: "The provider." }),
    subject: t.exposeString("subject", { description: "The account, as the provider calls it." }),
    email: t.exposeString("email", { nullable: true, description: "The e-mail address that the provider told." }),
    createdAt: t.field({
      type: "DateTime",
      description: "When they first signed in with it.",
      resolve: (identity) => identity.createdAt,
    }),
  }),
});

const identitiesOf = nestedField(({ installation: runtime, caller }, userIds) =>
  listIdentities(runtime, caller, userIds),
);

UserType.implement({
  permission: OWN_OR_VISIBLE,
  description: "A person. What they may do where, their memberships say.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Their name." }),
    email: t.exposeString("email", {
      nullable: true,
      description: "The address that they sign in with; null: none yet.",
    }),
    version: t.exposeInt("version", { description: "Rises by one with each change." }),
    hasPassword: t.exposeBoolean("hasPassword", { description: "Whether they can sign in with a password." }),
    totpEnabled: t.exposeBoolean("totpEnabled", {
      description: "Whether an authenticator is asked besides the password.",
    }),
    disabledAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "Since when they are kept out; null: they are not.",
      resolve: (user) => user.disabledAt,
    }),
    createdAt: t.field({ type: "DateTime", description: "When they were added.", resolve: (user) => user.createdAt }),
    lastSignedInAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When they last signed in.",
      resolve: (user) => user.lastSignedInAt,
    }),
    identities: t.field({
      type: [UserIdentityType],
      description: "Their accounts at other providers: your own, or with user.manage; else none.",
      resolve: (user, _arguments, context) => identitiesOf(user.id, {}, context),
    }),
  }),
});
