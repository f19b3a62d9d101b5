import { setPasswordByLink } from "@muster/identity/passwords/set-password-by-link.ts";
import { z } from "zod";
import { BodyRefused } from "../json-body.ts";
import { type AuthOptions, type AuthRoute, handOver, sendNothing, signInOriginOf } from "./auth-route.ts";

const SetPassword = z.strictObject({
  link: z.string(),
  newPassword: z.string().max(800),
  code: z.string().max(100).optional(),
});

/** POST /auth/password: sets the password by an invitation or a reset link, and signs in. */
export function setPasswordRoute({ runtime, connections, trustedProxies }: AuthOptions): AuthRoute {
  return {
    method: "POST",
    path: "/auth/password",
    async answer(asked) {
      const given = SetPassword.safeParse(asked.body);
      if (!given.success) {
        throw new BodyRefused(
          400,
          'Send { "link": "…", "newPassword": "…" }, and a "code" where there is an authenticator.',
        );
      }
      const origin = signInOriginOf(asked, trustedProxies);
      const session = await setPasswordByLink(runtime, given.data, origin);
      handOver(asked, session, origin, connections);
      sendNothing(asked.response);
    },
  };
}
