import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

export interface Person {
  readonly sub: string;
  readonly email: string;
  readonly verified: boolean;
}

/** A real OpenID Connect provider in this process, which lets in whoever is named. */
export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who is signed in there from now on; null: whoever comes is refused. */
  person: Person | null;
  /** Nothing answers from now on. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** `redirectUris`: where it may send browsers back to. */
export async function startTestProvider(redirectUris: () => readonly string[]): Promise<TestProvider> {
  const server = createServer();
  const listen = (port: number) => once(server.listen(port, "127.0.0.1"), "listening");
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const [clientId, clientSecret] = ["muster", "the client's secret"];
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  let provider: Provider | null = null;
  // Its clients are fixed when it is made, and the server's port is known later.
  const made = () =>
    (provider ??= new Provider(issuer, {
      clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [...redirectUris()] }],
      jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256" }] as never },
      claims: { email: ["email", "email_verified"], profile: ["name"] },
      cookies: { keys: ["test"] },
      ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      findAccount: (_context, id) => {
        const { email, verified } = result.person ?? { email: "", verified: false };
        return { accountId: id, claims: () => ({ sub: id, email, email_verified: verified, name: `Name of ${id}` }) };
      },
    }));
  const result: TestProvider = {
    issuer,
    clientId,
    clientSecret,
    person: null,
    async goAway() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    comeBack: async () => void (await listen(port)),
    async close() {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };

  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { prompt, params, session } = await made().interactionDetails(request, response);
    const { person } = result;
    if (!person) return made().interactionFinished(request, response, { error: "access_denied" });
    const accountId = person.sub;
    if (prompt.name === "login")
      return made().interactionFinished(request, response, { login: { accountId, remember: false } });
    const grant = new (made().Grant)({
      accountId: session?.accountId ?? accountId,
      clientId: String(params["client_id"]),
    });
    grant.addOIDCScope("openid email profile");
    await made().interactionFinished(request, response, { consent: { grantId: await grant.save() } });
  }

  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith("/interaction/")) void interact(request, response);
    else void made().callback()(request, response);
  });
  return result;
}

/** A browser without a screen: it keeps cookies of each origin and follows redirects. */
export class CookieBrowser {
  readonly #cookies = new Map<string, Map<string, string>>();

  /** Goes there, and on while it is sent on; `stopAt`: an address at which it stops without asking. */
  async go(
    address: string,
    stopAt: (url: URL) => boolean = () => false,
  ): Promise<{ url: URL; response: Response | null }> {
    let url = new URL(address);
    for (let hops = 0; hops < 20; hops += 1) {
      if (stopAt(url)) return { url, response: null };
      const response = await fetch(url, { redirect: "manual", headers: { cookie: this.cookieFor(url) } });
      this.#keep(url, response);
      const location = response.headers.get("location");
      if (location === null) return { url, response };
      url = new URL(location, url);
    }
    throw new Error(`It is sent on and on: ${url.href}`);
  }

  cookieFor({ origin }: URL): string {
    return [...(this.#cookies.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** Another browser with the same cookies. */
  copy(): CookieBrowser {
    const copy = new CookieBrowser();
    for (const [origin, cookies] of this.#cookies) copy.#cookies.set(origin, new Map(cookies));
    return copy;
  }

  #keep({ origin }: URL, response: Response): void {
    const cookies = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, cookies);
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "" || /max-age=0/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
  }
}
