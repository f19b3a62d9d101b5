import type { Page } from "playwright";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject, type ProjectRow } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { registerAgent } from "./site/performer.ts";
import { fleetRow, paths, title } from "./site/screens.ts";
import { joinSite, type Site } from "./site/start-site.ts";

/** On a machine where other tests run, too. */
const TEST_MS = 90_000;

describe("the fleet's past", { timeout: TEST_MS }, () => {
  let site: Site;
  let stage: ProjectRow;
  /** Before the cello was suspended, before the flute was, and after both. */
  let moments: readonly [string, string, string];
  beforeAll(async () => {
    site = await joinSite();
    stage = await ensureProject(site.api, "demo/past");
    const ids: string[] = [];
    for (const name of ["cello", "flute", "oboe"]) ids.push((await registerAgent(site.api, stage, name)).id);
    const [cello, flute] = ids;
    const first = await moment();
    await transition(cello, "SUSPEND", "a broken string");
    const second = await moment();
    await transition(flute, "SUSPEND", "a cold");
    await transition(flute, "RESUME", "well again");
    await transition(flute, "SUSPEND", "another cold");
    await registerAgent(site.api, stage, "horn");
    moments = [first, second, await moment()];
  }, BROWSER_SET_UP_MS);
  afterAll(() => site?.stop());

  const transition = (agentId: string | undefined, action: string, reason: string) =>
    site.api.change("transitionAgent", { agentId, action, reason });
  /** Between what was before and what comes: times are told in milliseconds. */
  async function moment(): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const now = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 20));
    return now;
  }
  const open = async (view: Readonly<Record<string, string>> = {}) => {
    const page = await openPage(site.operator(), paths.fleet(stage.path, view));
    await expect(title(page, "Fleet")).toBeVisible();
    return page;
  };
  const banner = (page: Page) => page.getByRole("region", { name: "The past" });
  const parameter = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

  it("is shown as it was before an agent was suspended, and leads back to now", async () => {
    const page = await open({ at: moments[0] });
    await expect(banner(page)).toContainText("The fleet as it was on");
    await expect(fleetRow(page, "cello")).toContainText("Registered");
    await expect(fleetRow(page, "flute")).toContainText("Registered");
    await expect(fleetRow(page, "horn")).toBeHidden();
    await page.getByRole("button", { name: "Next change" }).click();
    await expect(fleetRow(page, "cello")).toContainText("Suspended");
    await expect(fleetRow(page, "flute")).toContainText("Registered");
    await expect.poll(() => Date.parse(parameter(page, "at") ?? "")).toBeGreaterThan(Date.parse(moments[0]));
    expect(Date.parse(parameter(page, "at") ?? "")).toBeLessThan(Date.parse(moments[1]));
    await page.getByRole("button", { name: "Previous change" }).click();
    await expect(page.getByRole("main")).toContainText("Nothing changed before.");

    await banner(page).getByRole("button", { name: "Back to now" }).click();
    await expect(banner(page)).toBeHidden();
    await expect.poll(() => parameter(page, "at")).toBeNull();
    await expect(fleetRow(page, "flute")).toContainText("Suspended");
    await expect(fleetRow(page, "horn")).toBeVisible();
  });

  it("is entered by the menu, moved through by keys, and narrowed to what was in a state then", async () => {
    const page = await open();
    await page.getByRole("button", { name: "As of now" }).click();
    await page.getByRole("menuitem", { name: "5 minutes ago" }).click();
    await expect(banner(page)).toBeVisible();
    await expect(page.getByRole("main")).toContainText("There was no agent then");
    const slider = page.getByRole("slider", { name: "Moment" });
    await slider.focus();
    await page.keyboard.press("End");
    await expect(fleetRow(page, "cello")).toContainText("Suspended");
    const states = page.getByRole("group", { name: "Show only agents in these states" });
    await states.getByRole("button", { name: /^Registered/ }).click();
    await expect(fleetRow(page, "cello")).toBeHidden();
    await expect(fleetRow(page, "oboe")).toBeVisible();
    await slider.focus();
    await page.keyboard.press("Home");
    await expect(fleetRow(page, "oboe")).toBeHidden();
    await page.keyboard.press("Escape");
    await expect(banner(page)).toBeHidden();
  });

  it("loses nothing that somebody does before the address has followed", async () => {
    const page = await open({ at: moments[0] });
    await expect(fleetRow(page, "cello")).toContainText("Registered");
    const slider = page.getByRole("slider", { name: "Moment" });
    // Each as soon as the one before is in the address, and before the page has read it there.
    await slider.evaluate((thumb) => {
      const { replaceState } = history;
      history.replaceState = (...said) => {
        history.replaceState = replaceState;
        history.replaceState(...said);
        thumb.dispatchEvent(new KeyboardEvent("keydown", { key: "Home", bubbles: true }));
      };
      thumb.dispatchEvent(new KeyboardEvent("keydown", { key: "End", bubbles: true }));
    });
    await expect(page.getByRole("main")).toContainText("There was no agent then");
    await expect.poll(() => Date.parse(parameter(page, "at") ?? "")).toBeLessThan(Date.parse(moments[0]));
    await slider.focus();
    await page.keyboard.press("End");
    await expect(fleetRow(page, "cello")).toContainText("Suspended");
    await expect.poll(() => Date.parse(parameter(page, "at") ?? "")).toBeGreaterThan(Date.parse(moments[0]));
    const registered = page.getByRole("button", { name: /^Registered/ });
    const grid = await page.getByRole("button", { name: "Grid", exact: true }).elementHandle();
    await registered.evaluate((chip, other) => {
      (chip as HTMLElement).click();
      (other as HTMLElement).click();
    }, grid);
    await expect.poll(() => [parameter(page, "state"), parameter(page, "look")]).toEqual(["REGISTERED", "grid"]);
  });

  it("is played from a moment until now", async () => {
    const page = await open({ at: moments[0] });
    await expect(fleetRow(page, "cello")).toContainText("Registered");
    await page.getByRole("button", { name: "Play" }).click();
    await expect(fleetRow(page, "cello")).toContainText("Suspended");
    await expect(fleetRow(page, "flute")).toContainText("Suspended");
    // It ends where the way ended when the page was opened.
    await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
    await expect(fleetRow(page, "horn")).toBeVisible();
  });

  it("is compared: what changed between two moments, and the events that did it", async () => {
    const page = await open({ at: moments[0], to: moments[2] });
    await expect(banner(page)).toContainText("What changed from");
    const changes = page.getByRole("table", { name: "Changes" }).getByRole("row");
    const of = (name: string) => changes.filter({ has: page.getByRole("link", { name, exact: true }) });
    await expect(of("cello")).toContainText(/Registered.*Suspended/);
    await expect(of("cello")).toContainText("a broken string");
    await expect(of("flute")).toContainText("another cold");
    await expect(of("flute").getByRole("cell").nth(2)).toContainText("3");
    await expect(of("horn")).toContainText("not there yet");
    await expect(of("oboe")).toHaveCount(0);
    await page.getByRole("slider", { name: "From" }).focus();
    await expect(page.getByRole("main")).toContainText("3 agents changed.");
    await of("cello").getByRole("link").last().click();
    await expect(title(page, "cello")).toBeVisible();
    await expect(page.getByRole("region", { name: "Event" })).toContainText("a broken string");
    await page.goBack();
    await expect(of("cello")).toBeVisible();

    await page.goto(paths.fleet(stage.path, { at: moments[1], to: moments[2] }));
    await expect(of("flute")).toBeVisible();
    await expect(of("cello")).toHaveCount(0);
  });
});
