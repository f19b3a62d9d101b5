import type { IncomingMessage, ServerResponse } from "node:http";
import { sendError } from "../answers.ts";
import { readJson } from "../json-body.ts";
import { isForeign } from "../request-origin.ts";
import type { AuthOptions, AuthRoute } from "./auth-route.ts";
import { sendForeign, sendRefusal } from "./refusals.ts";
import { setPasswordRoute } from "./set-password.ts";
import { signInLinksRoute } from "./sign-in-links.ts";
import { signInRoute } from "./sign-in.ts";
import { signOutRoute } from "./sign-out.ts";

/** Answers what is below /auth. What changes something takes POST and JSON only, and not from pages of other origins. */
export function createAuthRoutes(options: AuthOptions, others: readonly AuthRoute[] = []) {
  const routes = [
    signInRoute(options),
    setPasswordRoute(options),
    signOutRoute(options),
    signInLinksRoute(options),
    ...others,
  ];

  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const route = routes.find((each) => (typeof each.path === "string" ? each.path === path : each.path.test(path)));
    if (!route) {
      const paths = routes.map((each) => each.path).filter((each) => typeof each === "string");
      return sendError(response, 404, "NOT_FOUND", `There is nothing here: /auth has ${paths.join(", ")}.`);
    }
    const { method } = route;
    if (request.method !== method) {
      response.setHeader("allow", method);
      return sendError(response, 405, "METHOD_NOT_ALLOWED", `${path} takes ${method} requests only.`);
    }
    if (method === "POST" && isForeign(request)) return sendForeign(response);
    try {
      const body = method === "POST" ? await readJson(request) : null;
      await route.answer({ request, response, path, body });
    } catch (error) {
      sendRefusal(response, error);
    }
  };
}
