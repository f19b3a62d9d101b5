import type { Page } from "playwright";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { openAccountMenu, paths, problem, title } from "./site/screens.ts";
import { type OwnSite, startSite } from "./site/start-site.ts";

/** On a machine where other tests run, too. */
const TEST_MS = 90_000;
const REFUSED = { problems: [/status of 401/] };

describe("signing in", { timeout: TEST_MS }, () => {
  let site: OwnSite;
  beforeAll(async () => {
    site = await startSite(["--no-demo"]);
    await ensureProject(site.api, "demo/app");
  }, BROWSER_SET_UP_MS);
  afterAll(() => site?.stop());

  const home = paths.inProject("overview");
  const enterKey = async (page: Page, key = site.api.key) => {
    const field = page.getByRole("textbox", { name: "API key" });
    // The button is there before the page's scripts are.
    await expect(async () => {
      if (!(await field.isVisible())) await page.getByRole("button", { name: "Sign in with an API key" }).click();
      await expect(field).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 15_000 });
    await field.fill(key);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
  };

  it("by the printed link leads to the overview, once", async () => {
    const link = /\S+\/sign-in#link=\S+/.exec(site.muster.printed())?.[0] ?? "";
    expect(link).toMatch(`${site.url}/sign-in#link=`);
    const first = await openPage(site.visitor(), link);
    await expect(title(first, "Overview")).toBeVisible();
    expect(first.url()).toBe(`${site.url}${home}`);

    const second = await openPage(site.visitor(), link, REFUSED);
    await expect(problem(second)).toContainText(/This link has been used already\. .*npm run sign-in/);
    await expect(second.getByRole("textbox", { name: "Password" })).toBeVisible();
  });

  it("works by a link that was made for a running Muster", async () => {
    const page = await openPage(site.visitor(), await site.signInLink());
    await expect(title(page, "Overview")).toBeVisible();
  });

  it("works with a key, whose session no script can read", async () => {
    const page = await openPage(site.visitor(), "/sign-in");
    await expect(page.getByRole("heading", { name: "Sign in to Muster" })).toBeVisible();
    await enterKey(page);
    await expect(title(page, "Overview")).toBeVisible();
    const cookies = await page.context().cookies();
    expect(cookies).toEqual([expect.objectContaining({ httpOnly: true, sameSite: "Lax", path: "/" })]);
    expect(await page.evaluate(() => document.cookie)).toBe("");
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain("mst_");
  });

  it("is refused with a sentence when the key is wrong, and can be tried again", async () => {
    const page = await openPage(site.visitor(), "/sign-in", REFUSED);
    await enterKey(page, "mst_admin_wrong");
    await expect(problem(page)).toContainText("This key is not known here");
    await enterKey(page);
    await expect(title(page, "Overview")).toBeVisible();
  });

  it.each([
    ["/", "Overview"],
    [paths.fleet(), "Fleet"],
    [paths.contexts(), "Contexts"],
    [paths.explorer(), "Explorer"],
  ])("comes before %s, and leads back there", async (path, heading) => {
    const page = await openPage(site.visitor(), path, REFUSED);
    await page.waitForURL(/\/sign-in/);
    expect(page.url()).toBe(`${site.url}/sign-in?${new URLSearchParams({ next: path })}`);
    await enterKey(page);
    await expect(title(page, heading)).toBeVisible();
    expect(new URL(page.url()).pathname).toBe(path === "/" ? home : path);
  });

  it.each(["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)"])(
    "never leads to another site: %s",
    async (next) => {
      const page = await openPage(site.visitor(), `/sign-in?${new URLSearchParams({ next })}`);
      await enterKey(page);
      await expect(title(page, "Overview")).toBeVisible();
      expect(new URL(page.url()).origin).toBe(site.url);
    },
  );

  it("ends in every tab at once", async () => {
    const profile = site.operator();
    const page = await openPage(profile, paths.fleet(), REFUSED);
    await expect(title(page, "Fleet")).toBeVisible();
    const other = await (await profile).newPage();
    await other.goto(paths.contexts());
    await expect(title(other, "Contexts")).toBeVisible();

    const menu = await openAccountMenu(page);
    await menu.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL(/\/sign-in/);
    await other.waitForURL(/\/sign-in/);
    expect(await (await profile).cookies()).toEqual([]);
    await page.goto(paths.fleet());
    await page.waitForURL(/\/sign-in/);
  });

  it("keeps the theme that was chosen, for everyone in this browser", async () => {
    const page = await openPage(site.operator({ colorScheme: "light" }), paths.fleet());
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await expect(title(page, "Fleet")).toBeVisible();
    const light = await background();
    const menu = await openAccountMenu(page);
    await menu.getByRole("menuitemradio", { name: "Dark" }).click();
    await expect.poll(background).not.toBe(light);
    const dark = await background();
    expect(await page.evaluate(() => localStorage.getItem("muster.theme"))).toBe("dark");
    await page.reload();
    await expect(title(page, "Fleet")).toBeVisible();
    expect(await background()).toBe(dark);
  });
});
