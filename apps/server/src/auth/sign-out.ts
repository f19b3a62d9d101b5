import { signOut } from "@muster/identity/sessions/sign-out.ts";
import { isOfThisOrigin } from "../request-origin.ts";
import { clearedSessionCookie, sessionTokenIn } from "../session-cookie.ts";
import { type AuthOptions, type AuthRoute, sendNothing, signInOriginOf } from "./auth-route.ts";
import { expectNothing, sendForeign } from "./refusals.ts";

/** POST /auth/sign-out: ends the session of the browser, and takes its cookie away. */
export function signOutRoute({ runtime, connections, trustedProxies }: AuthOptions): AuthRoute {
  return {
    method: "POST",
    path: "/auth/sign-out",
    async answer(asked) {
      const { request, response, body } = asked;
      expectNothing(body);
      if (!isOfThisOrigin(request)) return sendForeign(response);
      const token = sessionTokenIn(request);
      if (token !== null) {
        await signOut(runtime, token, signInOriginOf(asked, trustedProxies));
        connections.end(token);
      }
      response.setHeader("set-cookie", clearedSessionCookie(request));
      sendNothing(response);
    },
  };
}
