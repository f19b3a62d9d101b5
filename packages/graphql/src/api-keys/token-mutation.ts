import { type IssuedToken, issueToken } from "@muster/identity/tokens/issue-token.ts";
import { builder } from "../builder.ts";
import { mutation } from "../mutation.ts";

mutation("issueToken", {
  permission: { none: "A token carries no more than what who asks has." },
  description:
    "Makes a short-lived token (a JWT) for whoever asks, to hand on where a key should not go. It ends with the key or session " +
    "it was made with; others can check it with the keys at /.well-known/jwks.json.",
  input: builder.inputType("IssueTokenInput", {
    description: "A token to make.",
    fields: (t) => ({
      audience: t.string({
        description: "Who is to take it: Muster itself when left out, which then takes it as Authorization: Bearer.",
      }),
      lifetimeSeconds: t.int({ description: "How long it works: 1 to 3,600, 600 when left out." }),
      permissions: t.stringList({ description: "What it carries, as in task.read; everything when left out." }),
    }),
  }),
  success: builder.objectRef<IssuedToken>("IssueTokenSuccess").implement({
    description: "The token was made.",
    fields: (t) => ({
      token: t.exposeString("token", { description: "The token: shown this once." }),
      expiresAt: t.field({ type: "DateTime", description: "When it ends.", resolve: ({ expiresAt }) => expiresAt }),
    }),
  }),
  resolve: ({ permissions, ...input }, { installation: runtime, caller }) =>
    issueToken(runtime, caller, { ...input, permissions: permissions as never }),
});
