import type { Page } from "playwright";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { addPerson, PASSWORD, signedIn } from "./site/people.ts";
import { openAccountMenu, openDialog, paths, problem, shownText, title } from "./site/screens.ts";
import { type Site, startSite } from "./site/start-site.ts";
import { totpCode } from "./site/totp-code.ts";

const TEST_MS = 90_000;
const CLOSED_WITHIN_MS = 2_000;
/** Being refused is an error in the browser's console. */
const REFUSED = { problems: [/status of 4\d\d/] };

describe("passwords, authenticators and sessions", { timeout: TEST_MS }, () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite(["--no-demo"]);
    await ensureProject(site.api, "demo/app");
  }, BROWSER_SET_UP_MS);
  afterAll(() => site?.stop());

  const box = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });
  const submit = (page: Page) => page.getByRole("button", { name: "Sign in", exact: true });
  const profile = paths.inProject("settings/profile");
  const enterPassword = async (page: Page, email: string, password = PASSWORD) => {
    await box(page, "E-mail").fill(email);
    await box(page, "Password").fill(password);
    await submit(page).click();
  };

  it("an authenticator is set up, and asked for from then on; a recovery code stands in for it once", async () => {
    const person = await addPerson(site, "demo", "ada@example.org", "VIEWER");
    const page = await openPage(signedIn(site, person), profile, REFUSED);
    await page.getByRole("button", { name: "Set up an authenticator" }).click();
    const dialog = openDialog(page);
    await box(page, "Password").and(dialog.getByRole("textbox")).fill("not my password");
    await dialog.getByRole("button", { name: "Continue" }).click();
    await expect(problem(dialog)).toContainText("password is not right");
    await dialog.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
    await dialog.getByRole("button", { name: "Continue" }).click();
    await expect(page.getByRole("img", { name: "QR code for the authenticator" })).toBeVisible();
    const secret = await shownText(dialog.getByRole("status", { name: "Secret" }));
    await dialog.getByRole("textbox", { name: "Code" }).fill(totpCode(secret));
    await dialog.getByRole("button", { name: "Turn on" }).click();
    const listed = page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
    await expect(listed).toHaveCount(10);
    const codes = await listed.allTextContents();
    expect(new Set(codes).size).toBe(10);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "I have stored them" }).click();
    await expect(page.getByRole("button", { name: "New recovery codes" })).toBeVisible();

    const signOut = async () => {
      const menu = await openAccountMenu(page);
      await menu.getByRole("menuitem", { name: "Sign out" }).click();
      await expect(title(page, "Sign in to Muster")).toBeVisible();
    };
    await signOut();
    await enterPassword(page, person.email);
    await expect(box(page, "Code")).toBeFocused();
    await box(page, "Code").fill("000000");
    await submit(page).click();
    await expect(problem(page)).toContainText("This code is not right");
    // The code of now was taken when it was set up: the next one counts.
    await box(page, "Code").fill(totpCode(secret, 1));
    await submit(page).click();
    await expect(title(page, "Overview")).toBeVisible();

    await signOut();
    await enterPassword(page, person.email);
    await page.getByRole("button", { name: "Use a recovery code" }).click();
    await box(page, "Recovery code").fill(codes[0] ?? "");
    await submit(page).click();
    await expect(title(page, "Overview")).toBeVisible();
    await signOut();
    await enterPassword(page, person.email);
    await page.getByRole("button", { name: "Use a recovery code" }).click();
    await box(page, "Recovery code").fill(codes[0] ?? "");
    await submit(page).click();
    await expect(problem(page)).toContainText("This code is not right");
  });

  it("a session that is ended in another browser lands on the sign-in page, which leads back", async () => {
    const person = await addPerson(site, "demo", "grace@example.org", "VIEWER");
    const there = await openPage(signedIn(site, person), paths.fleet(), REFUSED);
    await expect(title(there, "Fleet")).toBeVisible();
    const here = await openPage(signedIn(site, person), profile);
    const sessions = here.getByRole("list", { name: "Sessions" }).getByRole("listitem");
    await expect(sessions.filter({ hasText: "this one" })).toHaveCount(1);
    const theirs = sessions.filter({ hasText: "Chrome" }).filter({ hasNotText: "this one" });
    await theirs
      .first()
      .getByRole("button", { name: /^End session/ })
      .click();
    const endedAt = performance.now();
    await there.waitForURL(/\/sign-in\?/);
    expect(performance.now() - endedAt).toBeLessThan(CLOSED_WITHIN_MS);
    await expect(there.getByRole("status").filter({ hasText: "Your session has ended" })).toBeVisible();
    await enterPassword(there, person.email);
    await expect(title(there, "Fleet")).toBeVisible();

    await here.getByRole("button", { name: "End all others" }).click();
    await there.waitForURL(/\/sign-in\?/);
    await expect(sessions).toHaveCount(1);
  });

  it("a new password ends other sessions; the old one no longer signs in", async () => {
    const person = await addPerson(site, "demo", "joan@example.org", "VIEWER");
    const there = await openPage(signedIn(site, person), paths.fleet(), REFUSED);
    await expect(title(there, "Fleet")).toBeVisible();
    const here = await openPage(signedIn(site, person), profile, REFUSED);
    await box(here, "Current password").fill("not my password");
    await box(here, "New password").fill("granite violin harbour moss");
    await here.getByRole("button", { name: "Change password" }).click();
    await expect(here.getByRole("main")).toContainText("Is not right");
    await box(here, "Current password").fill(PASSWORD);
    await here.getByRole("button", { name: "Change password" }).click();
    await expect(here.getByText("Your password is changed")).toBeVisible();
    await there.waitForURL(/\/sign-in\?/);
    await enterPassword(there, person.email);
    await expect(problem(there)).toContainText("The e-mail address or the password is not right");
    await enterPassword(there, person.email, "granite violin harbour moss");
    await expect(title(there, "Fleet")).toBeVisible();
  });

  it("wrong passwords are limited, and the page says how long", async () => {
    const person = await addPerson(site, "demo", "limited@example.org", "VIEWER");
    const page = await openPage(site.visitor(), "/sign-in", REFUSED);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await enterPassword(page, person.email, `wrong password number ${attempt}`);
      await expect(submit(page)).toBeEnabled();
      await expect(problem(page)).toContainText("The e-mail address or the password is not right");
    }
    await enterPassword(page, person.email);
    await expect(problem(page)).toContainText(/You can try again in \d+ m/);
    await expect(submit(page)).toBeDisabled();
  });
});
