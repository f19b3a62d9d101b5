import { endOtherSessions } from "@muster/identity/sessions/end-other-sessions.ts";
import { endSession } from "@muster/identity/sessions/end-session.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { SessionType } from "./session.ts";

const OWN = { none: "Everybody may end their own sessions; with user.manage, anybody's." } as const;

mutation("endSession", {
  permission: OWN,
  description: "Signs a browser out: your own, or with user.manage anybody's. Its open connections close.",
  input: builder.inputType("EndSessionInput", {
    description: "Which session to end.",
    fields: (t) => ({
      sessionId: t.id({ required: true, description: "The session." }),
      reason: t.string({ description: "Why, for the log." }),
    }),
  }),
  success: successOf("endSession", SessionType),
  resolve: async ({ sessionId, reason }, { installation: runtime, caller }) => ({
    data: await endSession(runtime, caller, { sessionId: uuidOf("session", sessionId), reason }),
  }),
});

mutation("endOtherSessions", {
  permission: OWN,
  description: "Signs you out in all browsers but this one.",
  input: builder.inputType("EndOtherSessionsInput", {
    description: "Why.",
    fields: (t) => ({ reason: t.string({ description: "Why, for the log." }) }),
  }),
  success: builder.objectRef<{ readonly ended: number }>("EndOtherSessionsSuccess").implement({
    description: "endOtherSessions did what was asked.",
    fields: (t) => ({ ended: t.exposeInt("ended", { description: "How many there were." }) }),
  }),
  resolve: async ({ reason }, { installation: runtime, caller }) => ({
    ended: await endOtherSessions(runtime, caller, { reason }),
  }),
});
