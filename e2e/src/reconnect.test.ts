import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { timelineOf } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { eventList, indicator, paths, readAllEvents, title } from "./site/screens.ts";
import { type OwnSite, startSite } from "./site/start-site.ts";

/** What a browser's console says when the server is away. */
const AWAY = { problems: [/net::ERR_|status of 50[234]|WebSocket connection to .* failed/] };

describe("an open page, when the server is killed", () => {
  let site: OwnSite;
  beforeAll(async () => {
    site = await startSite();
  }, BROWSER_SET_UP_MS);
  afterAll(() => site?.stop());

  it("says so, and catches up by itself: nothing is missing, nothing doubled", async () => {
    const { project } = await site.api.query<Agents>(
      `{ project(path: "demo/app") { agents(filter: { search: "tester" }) { edges { node { id } } } } }`,
    );
    const tester = project.agents.edges[0]?.node.id ?? "";
    const page = await openPage(site.operator(), paths.agent(tester), AWAY);
    await expect(title(page, "tester")).toBeVisible();
    await expect(indicator(page)).toHaveText("Live");
    await page.evaluate(() => void Object.assign(window, { marked: true }));
    await expect(eventList(page).getByRole("listitem").first()).toBeVisible();

    const killed = await site.serverPid();
    process.kill(killed, "SIGKILL");
    await expect(indicator(page)).toHaveText(/Reconnecting|Offline/);
    // As soon as the server answers again, and long before every page has found back.
    const change = (action: string, reason: string) =>
      expect(async () => {
        await site.api.change("transitionAgent", { agentId: tester, action, reason, mode: "NOW" });
      }).toPass({ timeout: 30_000, intervals: [20] });
    await change("MAINTAIN", "while nobody could see it");
    for (let count = 0; count < 30; count += 1) {
      await change("RESUME", `round ${count}`);
      await change("MAINTAIN", `round ${count}`);
    }
    expect(await site.serverPid()).not.toBe(killed);

    await expect(indicator(page)).toHaveText("Live", { timeout: 30_000 });
    await expect(eventList(page)).toContainText("round 29");
    await expect(page.getByRole("main")).toContainText("Maintenance");
    await change("RESUME", "live again");
    await expect(eventList(page)).toContainText("live again");
    await change("MAINTAIN", "the end");
    await expect(eventList(page)).toContainText("the end");
    // Its process may still have something to say, so that one reading may be overtaken.
    await expect(async () => {
      const expected = (await timelineOf(site.api, tester)).map(({ id }) => id);
      expect(await readAllEvents(page)).toEqual(expected);
    }).toPass({ timeout: 60_000 });
    expect(await page.evaluate(() => "marked" in window)).toBe(true);
  }, 180_000);
});

interface Agents {
  readonly project: { agents: { edges: { node: { id: string } }[] } };
}
