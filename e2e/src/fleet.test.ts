import type { Page } from "playwright";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject, type ProjectRow } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { type Performer, startPerformer } from "./site/performer.ts";
import { fleetRow, indicator, paths, title } from "./site/screens.ts";
import { type Site, startSite } from "./site/start-site.ts";

const IDLE_MS = 5_000;
/** On a machine where other tests run, too. */
const TEST_MS = 90_000;

describe("the fleet", { timeout: TEST_MS }, () => {
  let site: Site;
  let stage: ProjectRow;
  let performer: Performer;
  beforeAll(async () => {
    site = await startSite();
    stage = await ensureProject(site.api, "demo/stage");
    performer = await startPerformer(site.api, stage, "violin");
  }, BROWSER_SET_UP_MS);
  afterAll(async () => {
    await performer?.stop();
    await site?.stop();
  });

  const mark = (page: Page) => page.evaluate(() => void Object.assign(window, { marked: true }));
  const isMarked = (page: Page) => page.evaluate(() => "marked" in window);

  it("shows the three agents that ship with Muster", async () => {
    const page = await openPage(site.operator(), "/");
    await expect(title(page, "Overview")).toBeVisible();
    expect(new URL(page.url()).pathname).toBe(paths.inProject("overview"));
    await page
      .getByRole("navigation", { name: "Project" })
      .getByRole("link", { name: /^Fleet/ })
      .click();
    await expect(title(page, "Fleet")).toBeVisible();
    expect(new URL(page.url()).pathname).toBe(paths.fleet());
    for (const name of ["builder", "tester", "reviewer"]) await expect(fleetRow(page, name)).toBeVisible();
    await expect(indicator(page)).toHaveText("Live");
  });

  it("shows them at work without a reload", async () => {
    const page = await openPage(site.operator(), paths.fleet());
    await expect(fleetRow(page, "tester")).toBeVisible();
    await mark(page);
    const { project } = await site.api.query<{ project: ProjectRow }>(`{ project(path: "demo/app") { id path } }`);
    // It may be busy for less time than passes between two looks from outside: the page itself looks at each frame.
    const busy = page.waitForFunction(
      () =>
        [...document.querySelectorAll("tr")].some(({ textContent }) => /tester.*Busy|Busy.*tester/s.test(textContent)),
      undefined,
      { timeout: 30_000 },
    );
    await site.api.change("createTask", { projectId: project.id, kind: "test", input: { commit: "HEAD" } });
    await busy;
    await expect(fleetRow(page, "tester")).toContainText("Idle", { timeout: 30_000 });
    expect(await isMarked(page)).toBe(true);
  });

  it("shows a change that somebody else makes at once, and an agent that is new", async () => {
    const page = await openPage(site.operator(), paths.fleet(stage.path));
    const row = fleetRow(page, "violin");
    await expect(row).toContainText(/Online|Idle/);
    await mark(page);
    await site.api.change("transitionAgent", { agentId: performer.id, action: "MAINTAIN", reason: "new strings" });
    await expect(row).toContainText("Maintenance");
    await site.api.change("transitionAgent", { agentId: performer.id, action: "RESUME", reason: "in tune" });
    await expect(row).toContainText(/Online|Idle/);
    const viola = await startPerformer(site.api, stage, "viola");
    await expect(fleetRow(page, "viola")).toContainText(/Online|Idle/);
    await viola.stop();
    expect(await isMarked(page)).toBe(true);
  });

  it("asks nothing while nothing changes", async () => {
    const page = await openPage(site.operator(), paths.fleet(stage.path));
    await expect(fleetRow(page, "violin")).toBeVisible();
    await expect(indicator(page)).toHaveText("Live");
    await page.waitForLoadState("networkidle");
    const requests: string[] = [];
    page.on("request", (request) => requests.push(`${request.method()} ${request.url()}`));
    await page.waitForTimeout(IDLE_MS);
    // Pages that links lead to are fetched ahead, once each.
    expect(requests.filter((request) => !request.includes("_rsc="))).toEqual([]);
  });

  it("leads to an agent, and the browser's way back leads back", async () => {
    const page = await openPage(site.operator(), paths.fleet(stage.path));
    await fleetRow(page, "violin").getByRole("link", { name: "violin", exact: true }).click();
    await expect(title(page, "violin")).toBeVisible();
    expect(new URL(page.url()).pathname).toBe(paths.agent(performer.id, stage.path));
    await page.goBack();
    await expect(fleetRow(page, "violin")).toBeVisible();
  });
});
