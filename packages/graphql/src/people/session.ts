import { getSessions } from "@muster/identity/sessions/session-queries.ts";
import type { Session } from "@muster/identity/sessions/session.ts";
import { builder } from "../builder.ts";
import { loadedById } from "../loading.ts";
import { ApiKeyType } from "../api-keys/api-key.ts";
import { OWN_OR_VISIBLE, UserType } from "./user.ts";

export const SessionType = builder.loadableNodeRef<Session>("Session", {
  id: { resolve: (session) => session.id, description: "Its id, sess_…" },
  load: (ids, { installation: runtime, caller }) => getSessions(runtime, caller, ids),
  ...loadedById,
});

SessionType.implement({
  permission: OWN_OR_VISIBLE,
  description: "A browser that is signed in.",
  fields: (t) => ({
    user: t.field({
      type: UserType,
      nullable: true,
      description: "Who signed in; null when it was a key.",
      resolve: (session) => session.userId,
    }),
    apiKey: t.field({
      type: ApiKeyType,
      nullable: true,
      description: "The key that signed in; null when it was a person.",
      resolve: (session) => session.apiKeyId,
    }),
    address: t.exposeString("address", { nullable: true, description: "The IP address it was started from." }),
    userAgent: t.exposeString("userAgent", { nullable: true, description: "The browser, as it calls itself." }),
    current: t.boolean({
      description: "Whether it is the one that asks.",
      resolve: (session, _arguments, { caller }) => session.id === caller.origin?.credentialId,
    }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was started.",
      resolve: (session) => session.createdAt,
    }),
    lastUsedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it was last used, to about a minute; null: not since it was started.",
      resolve: (session) => session.lastUsedAt,
    }),
    expiresAt: t.field({
      type: "DateTime",
      description: "When it ends, however much it is used. Unused, it ends after a few days.",
      resolve: (session) => session.expiresAt,
    }),
  }),
});
