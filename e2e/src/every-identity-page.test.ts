import type { Page } from "playwright";
import { afterAll, beforeAll, describe } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject } from "./site/api.ts";
import { examineScreens, type Screen } from "./site/examine-screens.ts";
import { expect } from "./site/expect.ts";
import { addPerson, firstAdmin, PASSWORD } from "./site/people.ts";
import { registerAgent } from "./site/performer.ts";
import { openDialog, paths, problem } from "./site/screens.ts";
import { type Site, startSite } from "./site/start-site.ts";

const EMAIL = "ada@example.org";

describe("every screen of people, keys and the audit log", () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite(["--no-demo"]);
    const project = await ensureProject(site.api, "demo/app");
    await registerAgent(site.api, project, "courier");
    await addPerson(site, "demo", EMAIL, "DEVELOPER");
    // So that each screen of the profile has all of its parts.
    const admin = await firstAdmin(site);
    const input = { name: "Grace Hopper", email: "grace@example.org" };
    await change(admin.request, site.url, "updateProfile", input);
    await change(admin.request, site.url, "changePassword", { newPassword: PASSWORD });
    await admin.close();
  }, BROWSER_SET_UP_MS);
  afterAll(() => site?.stop());

  const settings = (rest: string) => () => paths.inProject(`settings/${rest}`);
  const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
  const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });
  const choose = async (page: Page, actions: string, name: string) => {
    await button(page, actions).click();
    await page.getByRole("menuitem", { name, exact: true }).click();
    await expect(openDialog(page)).toBeVisible();
  };
  const person = (name: string): Screen => ({
    name: `person ${name}`,
    path: settings("people"),
    ready: (page) => choose(page, "Actions for ada", name),
    plain: true,
  });

  examineScreens(
    () => ({ ...site, operator: (options) => firstAdmin(site, options) }),
    [
      {
        name: "sign in by key",
        path: () => "/sign-in",
        withoutSession: true,
        async ready(page) {
          await button(page, "Sign in with an API key").click();
          await expect(page.getByRole("textbox", { name: "API key" })).toBeFocused();
        },
      },
      {
        name: "session ended",
        path: () => "/sign-in?ended=1&error=OIDC_NOT_INVITED",
        withoutSession: true,
        ready: (page) => expect(problem(page)).toContainText("Nobody has invited you here"),
      },
      {
        name: "set password",
        path: () => "/set-password#link=unknown",
        withoutSession: true,
        async ready(page) {
          await page.getByRole("textbox", { name: "New password" }).fill(PASSWORD);
          await button(page, "Set password and sign in").click();
          await expect(problem(page)).toContainText("This link is not known here");
        },
        problems: [/status of 401/],
      },
      {
        name: "people",
        path: settings("people"),
        ready: (page) => expect(row(page, EMAIL)).toBeVisible(),
      },
      {
        name: "invite",
        path: settings("people"),
        async ready(page) {
          await button(page, "Invite").click();
          await expect(openDialog(page).getByRole("radio", { name: "Viewer" })).toBeVisible();
        },
      },
      person("Change role…"),
      person("Take role away…"),
      person("Sessions…"),
      person("Password reset link…"),
      person("Disable…"),
      {
        name: "people of the installation",
        path: settings("people?of=installation"),
        ready: (page) => expect(row(page, "grace@example.org")).toContainText("the whole installation"),
      },
      {
        name: "roles",
        path: settings("roles"),
        ready: (page) => expect(row(page, "context.rollBack")).toBeVisible(),
      },
      {
        name: "api keys",
        path: settings("keys"),
        ready: (page) => expect(row(page, "courier")).toContainText("Active"),
      },
      {
        name: "create key",
        path: settings("keys"),
        async ready(page) {
          await button(page, "Create key").click();
          await openDialog(page).getByText("Only some of the role’s permissions").click();
          await expect(openDialog(page).getByRole("checkbox", { name: /task\.read/ })).toBeVisible();
        },
      },
      {
        name: "revoke key",
        path: settings("keys"),
        ready: (page) => choose(page, "Actions for the key courier", "Revoke…"),
        plain: true,
      },
      {
        name: "keys of agents",
        path: settings("keys?of=agents"),
        ready: (page) => expect(button(page, "Rotate key of courier")).toBeVisible(),
      },
      {
        name: "audit log",
        path: settings("audit?of=installation&show=people"),
        async ready(page) {
          const log = page.getByRole("list", { name: "Audit log" });
          await log.getByRole("button", { name: /Person ada added/ }).click();
          await expect(page.getByRole("region", { name: "Before and after" })).toContainText(EMAIL);
        },
      },
      {
        name: "audit log without entries",
        path: settings("audit?search=nothing-is-called-so"),
        ready: (page) => expect(page.getByRole("main")).toContainText("Nothing is like that"),
        plain: true,
      },
      {
        name: "profile",
        path: settings("profile"),
        ready: (page) => expect(page.getByRole("list", { name: "Sessions" })).toContainText("this one"),
      },
      {
        name: "authenticator",
        path: settings("profile"),
        async ready(page) {
          await button(page, "Set up an authenticator").click();
          await openDialog(page).getByRole("textbox", { name: "Password" }).fill(PASSWORD);
          await button(page, "Continue").click();
          await expect(page.getByRole("img", { name: "QR code for the authenticator" })).toBeVisible();
        },
      },
    ],
  );
});

type Requests = Awaited<ReturnType<typeof firstAdmin>>["request"];

/** Changes something of whoever's session the browser has; its cookie counts for requests of its own pages. */
async function change(requests: Requests, origin: string, mutation: string, input: object): Promise<void> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
  const query = `mutation ($input: ${type}) { result: ${mutation}(input: $input) { __typename ... on Error { message } } }`;
  const answer = await requests.post("/graphql", { headers: { origin }, data: { query, variables: { input } } });
  const body = (await answer.json()) as { data?: { result?: { __typename: string } } };
  if (!body.data?.result?.__typename.endsWith("Success")) throw new Error(JSON.stringify(body));
}
