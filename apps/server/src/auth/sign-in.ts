import { signInByKey, signInByLink } from "@muster/identity/sign-in.ts";
import { signInByPassword } from "@muster/identity/sign-in-by-password.ts";
import { z } from "zod";
import { BodyRefused } from "../json-body.ts";
import { type AuthOptions, type AuthRoute, handOver, sendNothing, signInOriginOf } from "./auth-route.ts";

const ByPassword = z.strictObject({
  email: z.string().min(1).max(254),
  password: z.string().min(1).max(800),
  code: z.string().max(100).optional(),
});
const SignIn = z.union([z.strictObject({ link: z.string() }), z.strictObject({ key: z.string() }), ByPassword]);

/** POST /auth/sign-in: starts a session by a one-time link, an API key, or e-mail address and password (and a code). */
export function signInRoute({ runtime, connections, trustedProxies }: AuthOptions): AuthRoute {
  return {
    method: "POST",
    path: "/auth/sign-in",
    async answer(asked) {
      const given = SignIn.safeParse(asked.body);
      if (!given.success) {
        throw new BodyRefused(
          400,
          'Send { "email": "…", "password": "…" }, { "link": "…" } with a one-time link\'s token, or { "key": "mst_…" }.',
        );
      }
      const origin = signInOriginOf(asked, trustedProxies);
      const { data } = given;
      const session =
        "link" in data
          ? await signInByLink(runtime, data.link, origin)
          : "key" in data
            ? await signInByKey(runtime, data.key, origin)
            : await signInByPassword(runtime, { ...data, email: storable(data.email) }, origin);
      handOver(asked, session, origin, connections);
      sendNothing(asked.response);
    },
  };
}

/** Text that Postgres refuses is nobody's address. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}
