import type { IncomingMessage, ServerResponse } from "node:http";
import { FLOW_SECONDS, type Flow, openFlow, sealFlow, useFlow } from "@muster/identity/oidc/flow-cookie.ts";
import { OidcProvider } from "@muster/identity/oidc/oidc-provider.ts";
import { OidcRefused } from "@muster/identity/oidc/oidc-refused.ts";
import { signInByIdentity } from "@muster/identity/oidc/sign-in-by-identity.ts";
import { parseCookie, stringifySetCookie } from "cookie";
import type { Logger } from "pino";
import { sendJson } from "../answers.ts";
import { originOf, protocolOf } from "../request-origin.ts";
import { secureOwn } from "../security-headers.ts";
import { sessionTokenIn } from "../session-cookie.ts";
import type { OidcSettings } from "../settings.ts";
import { type AuthOptions, type AuthRequest, type AuthRoute, handOver, signInOriginOf } from "./auth-route.ts";
import { localPath } from "./local-path.ts";

/**
 * Signing in at an OpenID Connect provider: GET /auth/providers says which there are, /auth/oidc/<name>/start sends the browser there, and
 * /auth/oidc/<name>/callback takes it back, with a session or with the code of an error for the sign-in page.
 */
export function oidcRoutes(options: AuthOptions, settings: OidcSettings | null, log: Logger): AuthRoute[] {
  const name = settings && slugOf(settings.name);
  const providers: AuthRoute = {
    method: "GET",
    path: "/auth/providers",
    answer: async ({ response }) =>
      sendJson(response, 200, { providers: settings ? [{ name, title: settings.name }] : [] }),
  };
  const { encryptionKey } = options.runtime.settings;
  if (settings === null || name === null || encryptionKey === null) return [providers];
  const provider = new OidcProvider(settings);
  const flowPath = `/auth/oidc/${name}`;

  async function start({ request }: AuthRequest): Promise<Outcome> {
    const origin = options.publicUrl ?? originOf(request)?.origin;
    if (!origin || !encryptionKey) throw new OidcRefused("OIDC_FAILED");
    const redirectUri = `${origin}${flowPath}/callback`;
    const { url, checks } = await provider.begin(redirectUri);
    const returnTo = localPath(queryOf(request).get("returnTo"));
    const endsAt = Date.now() + FLOW_SECONDS * 1_000;
    const flow = { ...checks, provider: flowPath, returnTo, redirectUri, endsAt };
    return { to: url.href, cookie: { value: sealFlow(encryptionKey, flow), maxAge: FLOW_SECONDS } };
  }

  async function callback(asked: AuthRequest): Promise<Outcome> {
    const { request } = asked;
    const flow = flowOf(request);
    if (flow?.provider !== flowPath || !(await useFlow(options.runtime.database, flow)))
      throw new OidcRefused("OIDC_FAILED");
    const url = new URL(flow.redirectUri);
    url.search = queryOf(request).toString();
    const identity = await provider.finish(url, flow);
    // The flow's cookie shows that this browser began it: the session that it has ends, wherever it comes from now.
    const origin = { ...signInOriginOf(asked, options.trustedProxies), replaces: sessionTokenIn(request) };
    const session = await signInByIdentity(options.runtime, identity, settings?.defaultRole ?? null, origin);
    handOver(asked, session, origin, options.connections);
    return { to: flow.returnTo, cookie: null };
  }

  function flowOf(request: IncomingMessage): Flow | null {
    const sealed = parseCookie(request.headers.cookie ?? "")[cookieName(request)];
    return sealed === undefined || !encryptionKey ? null : openFlow(encryptionKey, sealed);
  }

  /** The browser goes where the outcome says, or to the sign-in page with a code. */
  const redirecting = (step: (asked: AuthRequest) => Promise<Outcome>) => async (asked: AuthRequest) => {
    const { request, response } = asked;
    const outcome = await step(asked).catch((error: unknown): Outcome => {
      if (!(error instanceof OidcRefused)) throw error;
      // Its cause may name what was sent: only what kind of error it was goes into the log.
      const cause = error.cause instanceof Error ? error.cause.name : undefined;
      log.info({ code: error.code, cause }, "a sign-in at the provider was refused");
      return { to: `/sign-in?error=${error.code}`, cookie: null };
    });
    redirect(request, response, outcome, flowPath);
  };

  return [
    providers,
    { method: "GET", path: `${flowPath}/start`, answer: redirecting(start) },
    { method: "GET", path: `${flowPath}/callback`, answer: redirecting(callback) },
  ];
}

interface Outcome {
  readonly to: string;
  /** The flow, for the browser to keep; null takes it away. */
  readonly cookie: { readonly value: string; readonly maxAge: number } | null;
}

function redirect(request: IncomingMessage, response: ServerResponse, { to, cookie }: Outcome, path: string): void {
  secureOwn(response);
  const { value, maxAge } = cookie ?? { value: "", maxAge: 0 };
  const secure = protocolOf(request) === "https";
  const name = cookieName(request);
  response.appendHeader(
    "set-cookie",
    stringifySetCookie({ name, value, maxAge, path, httpOnly: true, sameSite: "lax", secure }),
  );
  response.writeHead(303, { location: to }).end();
}

/** With the port in its name: browsers share cookies between all ports of a host. */
function cookieName(request: IncomingMessage): string {
  const port = originOf(request)?.port ?? "";
  return port === "" ? "muster_oidc" : `muster_oidc_${port}`;
}

function queryOf(request: IncomingMessage): URLSearchParams {
  return URL.parse(request.url ?? "/", "http://localhost")?.searchParams ?? new URLSearchParams();
}

function slugOf(title: string): string {
  const slug = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  return slug === "" ? "provider" : slug;
}
