import type { Page } from "playwright";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { type HelperProcess, startHelper } from "./site/helper-process.ts";
import { openPage } from "./site/open-page.ts";
import { paths, problem, title } from "./site/screens.ts";
import { type Site, startSite } from "./site/start-site.ts";

/** Nobody is signed in yet; and who is not let in is sent back. */
const REFUSED = { problems: [/status of 401/] };

const PROGRAM = new URL("../../apps/server/test/fixtures/oidc-provider-process.ts", import.meta.url);

interface Person {
  readonly sub: string;
  readonly email: string;
  readonly verified: boolean;
}

describe("signing in through a provider", () => {
  let provider: HelperProcess;
  let site: Site;
  beforeAll(async () => {
    provider = startHelper(PROGRAM);
    const { issuer, clientId, clientSecret } = await provider.ask<Record<string, string>>();
    site = await startSite(["--no-demo"], {
      MUSTER_OIDC_ISSUER: issuer ?? "",
      MUSTER_OIDC_CLIENT_ID: clientId ?? "",
      MUSTER_OIDC_CLIENT_SECRET: clientSecret ?? "",
      MUSTER_OIDC_NAME: "Acme ID",
    });
    await ensureProject(site.api, "demo/app");
    const { workspace } = await site.api.query<{ workspace: { id: string } }>(`{ workspace(slug: "demo") { id } }`);
    await site.api.change("inviteUser", { email: "ada@example.org", workspaceId: workspace.id, role: "OPERATOR" });
  }, BROWSER_SET_UP_MS);
  afterAll(async () => {
    await site?.stop();
    provider.end();
  });

  const lets = (person: Person | null) =>
    provider.ask({ redirectUri: `${site.url}/auth/oidc/acme-id/callback`, person });
  const begin = (page: Page) => page.getByRole("link", { name: "Sign in with Acme ID" }).click();
  const ada = { sub: "ada", email: "ada@example.org", verified: true };

  it("leads back to the page that was asked for, as the person who was invited", async () => {
    await lets(ada);
    const page = await openPage(site.visitor(), paths.fleet(), REFUSED);
    await begin(page);
    await expect(title(page, "Fleet")).toBeVisible();
    expect(new URL(page.url()).pathname).toBe(paths.fleet());
    const answer = await page.request.post("/graphql", {
      data: { query: "{ viewer { actor { kind } user { email } } }" },
      headers: { origin: site.url },
    });
    expect(await answer.json()).toEqual({
      data: { viewer: { actor: { kind: "USER" }, user: { email: "ada@example.org" } } },
    });
  });

  it.each([
    ["The provider did not let you in", null],
    ["has not checked your e-mail address", { ...ada, sub: "eve", verified: false }],
    ["invite", { sub: "eve", email: "eve@example.org", verified: true }],
  ])("says what is wrong, and another way is open: %s", async (sentence, person) => {
    await lets(person);
    const page = await openPage(site.visitor(), "/sign-in", REFUSED);
    await begin(page);
    await expect(problem(page)).toContainText(sentence);
    await expect(page.getByRole("textbox", { name: "Password" })).toBeVisible();
    await lets(ada);
    await page.context().clearCookies({ domain: "127.0.0.1" });
    await begin(page);
    await expect(title(page, "Overview")).toBeVisible();
  });
});
