import { createSignInLink } from "@muster/identity/links/create-sign-in-link.ts";
import { sendJson, sendUnauthenticated } from "../answers.ts";
import { bearerOf } from "../authentication.ts";
import { originOf } from "../request-origin.ts";
import { signInUrl } from "../sign-in-url.ts";
import type { AuthOptions, AuthRoute } from "./auth-route.ts";
import { expectNothing } from "./refusals.ts";

/** POST /auth/sign-in-links: makes a one-time link for whoever shows an API key. */
export function signInLinksRoute({ runtime, publicUrl }: AuthOptions): AuthRoute {
  return {
    method: "POST",
    path: "/auth/sign-in-links",
    async answer({ request, response, body }) {
      expectNothing(body);
      const key = bearerOf(request.headers.authorization);
      const origin = publicUrl ?? originOf(request)?.origin ?? null;
      const link = key !== null && origin !== null ? await createSignInLink(runtime.database, key) : null;
      if (!link || origin === null) return sendUnauthenticated(response);
      sendJson(response, 201, { url: signInUrl(origin, link.token), expiresAt: link.expiresAt });
    },
  };
}
