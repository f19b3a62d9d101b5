import type { IncomingMessage, ServerResponse } from "node:http";
import type { Database } from "@muster/database/database.ts";
import { createSignInLink } from "@muster/identity/create-sign-in-link.ts";
import { endSession } from "@muster/identity/end-session.ts";
import { signInByKey, signInByLink } from "@muster/identity/sign-in.ts";
import { SignInRefused } from "@muster/identity/sign-in-refused.ts";
import { z } from "zod";
import { sendError, sendJson, sendUnauthenticated } from "./answers.ts";
import { bearerOf } from "./authentication.ts";
import { BodyRefused, readJson } from "./json-body.ts";
import type { OpenConnections } from "./open-connections.ts";
import { isForeign, isOfThisOrigin, originOf } from "./request-origin.ts";
import { secureOwn } from "./security-headers.ts";
import { clearedSessionCookie, sessionCookie, sessionTokenIn } from "./session-cookie.ts";
import { signInUrl } from "./sign-in-url.ts";

const SignIn = z.union([z.strictObject({ link: z.string() }), z.strictObject({ key: z.string() })]);
const Nothing = z.strictObject({});

interface AuthOptions {
  readonly database: Database;
  readonly connections: OpenConnections;
}

type Route = (request: IncomingMessage, response: ServerResponse, body: unknown) => Promise<void>;

/** Answers what is below /auth: signing in, signing out, and links to sign in with. All take POST and JSON only. */
export function createAuthRoutes({ database, connections }: AuthOptions) {
  const routes: Readonly<Record<string, Route>> = {
    async "/auth/sign-in"(request, response, body) {
      const given = SignIn.safeParse(body);
      if (!given.success)
        throw new BodyRefused(400, 'Send { "link": "…" } with a one-time link\'s token, or { "key": "mst_…" }.');
      const { token, expiresAt } =
        "link" in given.data
          ? await signInByLink(database, given.data.link)
          : await signInByKey(database, given.data.key);
      response.setHeader("set-cookie", sessionCookie(request, token, expiresAt));
      sendNothing(response);
    },

    async "/auth/sign-out"(request, response, body) {
      expectNothing(body);
      if (!isOfThisOrigin(request)) return sendForeign(response);
      const token = sessionTokenIn(request);
      if (token !== null) {
        await endSession(database, token);
        connections.end(token);
      }
      response.setHeader("set-cookie", clearedSessionCookie(request));
      sendNothing(response);
    },

    async "/auth/sign-in-links"(request, response, body) {
      expectNothing(body);
      const key = bearerOf(request.headers.authorization);
      const origin = originOf(request);
      const link = key !== null && origin !== null ? await createSignInLink(database, key) : null;
      if (!link || !origin) return sendUnauthenticated(response);
      sendJson(response, 201, { url: signInUrl(origin.origin, link.token), expiresAt: link.expiresAt });
    },
  };

  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (!route)
      return sendError(
        response,
        404,
        "NOT_FOUND",
        `There is nothing here: /auth has ${Object.keys(routes).join(", ")}.`,
      );
    if (request.method !== "POST") {
      response.setHeader("allow", "POST");
      return sendError(response, 405, "METHOD_NOT_ALLOWED", `${path} takes POST requests only.`);
    }
    if (isForeign(request)) return sendForeign(response);
    try {
      await route(request, response, await readJson(request));
    } catch (error) {
      if (error instanceof SignInRefused) return sendError(response, 401, error.code, error.message);
      if (!(error instanceof BodyRefused)) throw error;
      // What is left of the body is not read.
      response.setHeader("connection", "close");
      sendError(response, error.status, "BAD_REQUEST", error.message);
    }
  };
}

function expectNothing(body: unknown): void {
  if (!Nothing.safeParse(body).success) throw new BodyRefused(400, "This takes no fields. Send {} or no body.");
}

function sendForeign(response: ServerResponse): void {
  sendError(
    response,
    403,
    "FOREIGN_ORIGIN",
    "Only Muster's own pages may do this. Open Muster's address and do it there.",
  );
}

function sendNothing(response: ServerResponse): void {
  secureOwn(response);
  response.writeHead(204).end();
}
