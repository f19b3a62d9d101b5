import type { Page } from "playwright";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject, type ProjectRow } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { addPerson, signedIn } from "./site/people.ts";
import { registerAgent } from "./site/performer.ts";
import { fleetRow, indicator, paths, title } from "./site/screens.ts";
import { joinSite, type Site } from "./site/start-site.ts";
import { work } from "./site/work-screens.ts";

const AGENTS = ["cello", "flute", "harp", "oboe", "viola"];

describe("what the console offers", { timeout: 60_000 }, () => {
  let site: Site;
  let stage: ProjectRow;
  let cellar: ProjectRow;
  beforeAll(async () => {
    site = await joinSite();
    stage = await ensureProject(site.api, "demo/rights");
    cellar = await ensureProject(site.api, "demo/cellar");
    for (const name of AGENTS) await registerAgent(site.api, stage, name);
    for (const { id } of [stage, cellar]) {
      await site.api.change("createTask", { projectId: id, kind: "perform", input: {} });
    }
    await registerAgent(site.api, cellar, "bottle");
  }, BROWSER_SET_UP_MS);
  afterAll(() => site?.stop());

  const grid = (project = stage.path) => paths.fleet(project, { look: "grid" });
  const cells = (page: Page) => page.getByRole("list", { name: "Agents" }).getByRole("listitem");
  const cell = (page: Page, name: string) =>
    cells(page).filter({ has: page.getByRole("link", { name: new RegExp(`^${name}:`) }) });
  const bar = (page: Page) => page.getByRole("region", { name: "Selection" });

  it("agents are chosen in the grid as in the table: by pointer, by keys, all that match, and moved together", async () => {
    const page = await openPage(site.operator(), grid());
    await expect(cells(page)).toHaveCount(AGENTS.length);
    await cell(page, "cello").hover();
    await cell(page, "cello")
      .getByRole("checkbox")
      .click({ position: { x: 3, y: 3 } });
    await expect(bar(page)).toContainText("1 agent selected");
    // Now a click anywhere in a cell chooses; with Shift, all up to it.
    await cell(page, "harp").click({ modifiers: ["Shift"] });
    await expect(bar(page)).toContainText("3 agents selected");
    await cell(page, "flute").click();
    await expect(bar(page)).toContainText("2 agents selected");
    expect(new URL(page.url()).pathname).toBe(paths.fleet(stage.path));

    // What is chosen is so in the table, too.
    await page.getByRole("button", { name: "Table", exact: true }).click();
    await expect(fleetRow(page, "harp").getByRole("checkbox")).toBeChecked();
    await expect(fleetRow(page, "flute").getByRole("checkbox")).not.toBeChecked();
    await page.getByRole("button", { name: "Grid", exact: true }).click();
    await page.keyboard.press("Escape");
    await expect(bar(page)).toHaveCount(0);

    await cell(page, "cello").getByRole("link").focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+Space");
    await expect(bar(page)).toContainText("2 agents selected");
    await bar(page).getByRole("button", { name: "Select all 5 that match" }).click();
    await expect(bar(page)).toContainText("All 5 agents selected");
    await cell(page, "viola").click();
    await bar(page).getByRole("button", { name: "Suspend" }).click();
    await page.getByLabel("Reason").fill("the hall is painted");
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^Suspend/ })
      .click();
    await expect(page.getByRole("dialog")).toContainText("All of them were dealt with");
    await page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).last().click();
    await expect(cell(page, "oboe").getByRole("link")).toHaveAccessibleName("oboe: Suspended");
    await expect(cell(page, "viola").getByRole("link")).toHaveAccessibleName("viola: Registered");
    // Nothing is chosen any more: a click opens the agent.
    await expect(bar(page)).toHaveCount(0);
    await cell(page, "viola").click();
    await expect(title(page, "viola")).toBeVisible();
  });

  it("who may do nothing with many at once chooses nothing", async () => {
    const viewer = await addPerson(site, "demo", "vera@example.org", "VIEWER");
    const page = await openPage(signedIn(site, viewer), paths.fleet(stage.path));
    await expect(fleetRow(page, "cello")).toBeVisible();
    await expect(page.getByRole("checkbox")).toHaveCount(0);
    await fleetRow(page, "cello").getByRole("link", { name: "cello", exact: true }).focus();
    await page.keyboard.press("x");
    await page.goto(grid());
    await expect(cells(page)).toHaveCount(AGENTS.length);
    await expect(page.getByRole("checkbox")).toHaveCount(0);
    await cell(page, "cello").getByRole("link").focus();
    await page.keyboard.press("x");
    await page.goto(work.tasks(stage.path));
    await expect(page.getByRole("table").getByRole("link", { name: /^perform/ })).toBeVisible();
    await expect(page.getByRole("checkbox")).toHaveCount(0);
    await expect(bar(page)).toHaveCount(0);
  });

  it("holds for the project that one is in: a viewer here, an admin there", async () => {
    const person = await addPerson(site, "demo", "both@example.org", "VIEWER");
    await site.api.change("grantRole", { userId: person.id, projectId: cellar.id, role: "ADMIN" });
    const page = await openPage(signedIn(site, person), paths.fleet(stage.path));
    await expect(fleetRow(page, "cello")).toBeVisible();
    await expect(page.getByRole("checkbox")).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Register agent" })).toBeDisabled();
    await page.goto(work.tasks(stage.path));
    await expect(page.getByRole("table").getByRole("link", { name: /^perform/ })).toBeVisible();
    await expect(page.getByRole("button", { name: "Create task" })).toBeDisabled();
    await page.goto(paths.inProject("settings/people", stage.path));
    await expect(page.getByRole("main")).toContainText("You may not see the people of this workspace");

    await page.goto(paths.fleet(cellar.path));
    await expect(fleetRow(page, "bottle").getByRole("checkbox")).toBeVisible();
    await expect(page.getByRole("link", { name: "Register agent" })).toBeVisible();
    await page.goto(work.tasks(cellar.path));
    await expect(page.getByRole("button", { name: "Create task" })).toBeEnabled();
    await page.goto(paths.inProject("settings/people", cellar.path));
    await expect(page.getByRole("button", { name: "Invite" })).toBeEnabled();
    await page.getByRole("button", { name: "Invite" }).click();
    // A role in the whole workspace is not theirs to give.
    await expect(page.getByRole("combobox", { name: "Where" })).toHaveText(/demo\/cellar/);
    await page.goto(paths.inProject("settings/limits", cellar.path));
    await expect(page.getByRole("button", { name: "Save limits" })).toBeDisabled();
    await expect(page.getByTitle("You may not change workspaces.")).toBeVisible();
  });

  it("follows a role that changes after the page was read, and before it is connected", async () => {
    const person = await addPerson(site, "demo", "late@example.org", "VIEWER");
    const context = signedIn(site, person);
    const asked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    await (
      await context
    ).routeWebSocket(/\/graphql$/, async (socket) => {
      asked.resolve();
      await released.promise;
      socket.connectToServer();
    });
    const page = await openPage(context, paths.fleet(stage.path));
    await expect(page.getByRole("button", { name: "Register agent" })).toBeDisabled();
    await asked.promise;
    await site.api.change("changeRole", { membershipId: person.membershipId, role: "DEVELOPER" });
    released.resolve();
    await expect(indicator(page)).toHaveText("Live");
    await expect(page.getByRole("link", { name: "Register agent" })).toBeVisible();
    await expect(fleetRow(page, "cello").getByRole("checkbox")).toBeVisible();
  });
});
