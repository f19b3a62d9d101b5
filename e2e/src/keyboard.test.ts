import type { Locator, Page } from "playwright";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject, type ProjectRow } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { type Performer, startPerformer } from "./site/performer.ts";
import { fleetRow, indicator, title } from "./site/screens.ts";
import { type Site, startSite } from "./site/start-site.ts";

/** Nothing that one wants is further away. */
const MOST_TABS = 60;

/** On a machine where other tests run, too. */
const TEST_MS = 90_000;

describe("the keyboard alone", { timeout: TEST_MS }, () => {
  let site: Site;
  let stage: ProjectRow;
  let violin: Performer;
  beforeAll(async () => {
    site = await startSite(["--no-demo"]);
    stage = await ensureProject(site.api, "demo/stage");
    violin = await startPerformer(site.api, stage, "violin");
    const { id } = await site.api.change<{ id: string }>("openContext", { projectId: stage.id, name: "score" });
    for (const tempo of ["andante", "allegro", "presto"]) {
      await site.api.change("writeContext", { contextId: id, data: { tempo }, message: `tempo is ${tempo}` });
    }
  }, BROWSER_SET_UP_MS);
  afterAll(async () => {
    await violin?.stop();
    await site?.stop();
  });

  /** What has the focus, and whether one can see that. */
  const focus = (page: Page) =>
    page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      if (element === null || element === document.body) return { what: "nothing", visible: false };
      const what = `${element.tagName} ${element.getAttribute("aria-label") ?? element.textContent?.slice(0, 40)}`;
      // A text shows its caret; what cannot be reached by Tab is focused for those who listen.
      const isText = element.matches("input:not([type=checkbox], [type=radio]), textarea, [contenteditable]");
      if (isText || element.tabIndex < 0) return { what, visible: true };
      const { outlineStyle, outlineWidth, opacity } = getComputedStyle(element);
      const { width, height } = element.getBoundingClientRect();
      const visible = outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 && opacity !== "0" && width * height > 0;
      return { what, visible };
    });
  async function expectFocus(page: Page, after: string): Promise<void> {
    // What closes gives the focus back once it is gone.
    await expect
      .poll(() => focus(page), { message: `what has the focus after ${after}` })
      .toEqual({ what: expect.not.stringMatching(/^nothing$/), visible: true });
  }
  /** Presses Tab until it is there, and looks at each place on the way. */
  async function tabTo(page: Page, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
    await expect(target).toBeVisible();
    for (let presses = 0; presses < MOST_TABS; presses += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press(key);
      const { what, visible } = await focus(page);
      // Between the last and the first place the browser's own window has it.
      if (what !== "nothing") expect(visible, `the focus on ${what}`).toBe(true);
    }
    throw new Error(`${String(target)} was not reached by ${MOST_TABS} presses of ${key}.`);
  }

  it("signs in, finds an agent, suspends it, finds a context, compares it and rolls it back", async () => {
    const page = await openPage(site.visitor(), "/sign-in");
    await page.mouse.move(0, 0);
    await tabTo(page, page.getByRole("button", { name: "Sign in with an API key" }));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("textbox", { name: "API key" })).toBeFocused();
    await page.keyboard.type(site.api.key);
    await page.keyboard.press("Enter");
    await expect(title(page, "Overview")).toBeVisible();
    await expect(indicator(page)).toHaveText("Live");

    await page.keyboard.press("g");
    await page.keyboard.press("f");
    await expect(title(page, "Fleet")).toBeVisible();
    await expect(fleetRow(page, "violin")).toBeVisible();
    const viola = await startPerformer(site.api, stage, "viola");
    await viola.stop();
    await expect(fleetRow(page, "viola")).toBeVisible();
    await page.keyboard.press("/");
    await expectFocus(page, "/");
    await page.keyboard.type("vio");
    await page.waitForURL(/search=vio/);
    await page.keyboard.press("Tab");
    const rowLink = (name: string) => fleetRow(page, name).getByRole("link", { name, exact: true });
    await page.keyboard.press("j");
    await expect(rowLink("viola")).toBeFocused();
    await page.keyboard.press("j");
    await expect(rowLink("violin")).toBeFocused();
    await expectFocus(page, "j");
    await page.keyboard.press("k");
    await expect(rowLink("viola")).toBeFocused();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await expect(title(page, "violin")).toBeVisible();

    const state = page.getByRole("main").getByRole("region", { name: "State" });
    await expect(state).toContainText(/Online|Idle/);
    await tabTo(page, page.getByRole("main").getByRole("link", { name: /^Contexts/ }));
    await page.keyboard.press("Enter");
    await page.waitForURL(/tab=contexts/);
    await expect(page.getByRole("main").getByRole("region", { name: "Contexts" })).toBeVisible();
    await expectFocus(page, "opening a tab");
    const suspend = page.getByRole("main").getByRole("button", { name: "Suspend", exact: true });
    await tabTo(page, suspend, "Shift+Tab");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Suspend violin" });
    const reason = dialog.getByRole("textbox", { name: "Reason" });
    await expect(reason).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(suspend).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(reason).toBeFocused();
    await page.keyboard.type("by keys alone");
    await tabTo(page, dialog.getByRole("button", { name: "Suspend", exact: true }));
    await page.keyboard.press("Enter");
    await expect(dialog).toBeHidden();
    await expect(state).toContainText("Suspended");
    await expectFocus(page, "suspending");

    await page.keyboard.press("?");
    const sheet = page.getByRole("dialog", { name: "Keys" });
    await expect(sheet).toContainText("Next row");
    await page.keyboard.press("Escape");
    await expect(sheet).toBeHidden();
    await expectFocus(page, "the sheet of keys");

    await page.keyboard.press("Control+k");
    const palette = page.getByRole("dialog", { name: "Search or run a command" });
    await expect(palette.getByRole("combobox")).toBeFocused();
    await page.keyboard.type("score");
    await expect(palette.getByRole("option").first()).toContainText("score");
    await page.keyboard.press("Enter");
    await expect(title(page, "score")).toBeVisible();
    await expect(palette).toBeHidden();

    const versions = page.getByRole("list", { name: "Versions" });
    await expect(versions).toContainText("tempo is presto");
    await page.keyboard.press("j");
    await expect(versions.getByRole("link").first()).toBeFocused();
    await expectFocus(page, "j");
    await page.keyboard.press("x");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.keyboard.press("v");
    await page.waitForURL(/compare=1\.\.3/);
    const changes = page.getByRole("main").getByRole("region", { name: "Changes" });
    await expect(changes).toContainText('"andante"');
    await expectFocus(page, "comparing");
    await tabTo(page, changes.getByRole("button", { name: "Roll back to 1" }));
    await page.keyboard.press("Enter");
    const rollBack = page.getByRole("dialog", { name: "Roll back to 1" });
    await expect(rollBack.getByRole("region", { name: "Changes" })).toContainText('"andante"');
    await expectFocus(page, "opening the dialog");
    await tabTo(page, rollBack.getByRole("textbox", { name: "Reason" }));
    await page.keyboard.type("slower, by keys alone");
    await tabTo(page, rollBack.getByRole("button", { name: "Roll back", exact: true }));
    await page.keyboard.press("Enter");
    await expect(rollBack).toBeHidden();
    await expect(page.getByRole("region", { name: "Rolled back to 1" })).toContainText("Succeeded");
    await expectFocus(page, "rolling back");
  });

  it("leaves no dialog without a place to go on from", async () => {
    const page = await openPage(site.operator(), `/projects/${stage.path}/contexts`);
    await expect(title(page, "Contexts")).toBeVisible();
    await expect(page.getByRole("main").getByRole("link", { name: "score" })).toBeVisible();
    for (const [opener, name] of [
      ["Open a context", /./],
      ["Columns", /./],
    ] as const) {
      const button = page.getByRole("main").getByRole("button", { name: opener });
      await tabTo(page, button);
      await page.keyboard.press("Enter");
      const opened = page.getByRole("dialog", { name }).or(page.getByRole("menu"));
      await expect(opened).toBeVisible();
      await page.keyboard.press("Escape");
      await expect(opened).toBeHidden();
      await expect(button).toBeFocused();
      await expectFocus(page, opener);
    }
  });
});
