import { builder } from "../builder.ts";
import { ViewerType } from "../projects/project-roots.ts";
import { SessionType } from "./session.ts";
import { UserType } from "./user.ts";

builder.objectFields(ViewerType, (t) => ({
  user: t.field({
    type: UserType,
    nullable: true,
    description: "The person who asks; null for programs and agents.",
    resolve: ({ actor }) => (actor.kind === "USER" ? actor.id : null),
  }),
  session: t.field({
    type: SessionType,
    nullable: true,
    description: "The session that asks; null for a key.",
    resolve: async ({ origin }, _arguments, context) => {
      if (!origin?.credentialId) return null;
      // The credential may be a key: then there is no such session.
      const [session] = await SessionType.getDataloader(context).loadMany([origin.credentialId]);
      return session instanceof Error ? null : (session ?? null);
    },
  }),
}));
