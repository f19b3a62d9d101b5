import type { Locator, Page } from "playwright";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject, type ProjectRow, timelineOf } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { type Performer, registerAgent, startPerformer } from "./site/performer.ts";
import { chooseAction, eventIds, eventList, openDialog, paths, problem, readAllEvents, title } from "./site/screens.ts";
import { joinSite, type Site } from "./site/start-site.ts";

const LONG_HISTORY = 180;
/** On a machine where other tests run, too. */
const TEST_MS = 90_000;

describe("an agent's page", { timeout: TEST_MS }, () => {
  let site: Site;
  let stage: ProjectRow;
  let performer: Performer;
  beforeAll(async () => {
    site = await joinSite();
    stage = await ensureProject(site.api, "demo/quartet");
    performer = await startPerformer(site.api, stage, "violin");
  }, BROWSER_SET_UP_MS);
  afterAll(async () => {
    await performer?.stop();
    await site?.stop();
  });

  const transition = (agentId: string, action: string, reason: string, mode = "NOW") =>
    site.api.change("transitionAgent", { agentId, action, reason, mode });
  const openAgent = async (id = performer.id, search = "") => {
    const page = await openPage(site.operator(), `${paths.agent(id, stage.path)}${search}`);
    await expect(title(page, /./)).toBeVisible();
    return page;
  };
  /** The part above the timeline: name, state, actions. */
  const summary = (page: Page) => page.getByRole("main").getByRole("region", { name: "State" });
  const submit = async (dialog: Locator, action: string, reason: string, when?: RegExp) => {
    await dialog.getByRole("textbox", { name: "Reason" }).fill(reason);
    if (when) await dialog.getByRole("radio", { name: when }).check();
    await dialog.getByRole("button", { name: action, exact: true }).click();
  };

  it("shows the state, what may be done now, and how it came to this", async () => {
    const page = await openAgent();
    await expect(title(page, "violin")).toBeVisible();
    await expect(summary(page)).toContainText(/Online|Idle/);
    for (const action of ["Suspend", "Restart", "Stop"]) {
      await expect(page.getByRole("button", { name: action, exact: true })).toBeVisible();
    }
    await expect(page.getByRole("button", { name: "Resume", exact: true })).toBeHidden();
    await expect(page.getByRole("img", { name: /states?.* over time|timeline/i })).toBeVisible();
    const shown = await readAllEvents(page);
    expect(shown).toEqual((await timelineOf(site.api, performer.id)).map(({ id }) => id));
  });

  it("loads older events as one scrolls, each once, down to the first", async () => {
    const { id } = await registerAgent(site.api, stage, "cello");
    for (let count = 0; count < LONG_HISTORY; count += 1) {
      await transition(id, count % 2 === 0 ? "SUSPEND" : "RESUME", `turn ${count + 1}`);
    }
    await transition(id, "SUSPEND", "the last turn");
    const page = await openAgent(id);
    await expect(eventList(page)).toContainText("the last turn");
    expect((await eventIds(page)).length).toBeLessThan(LONG_HISTORY);
    const expected = (await timelineOf(site.api, id)).map((event) => event.id);
    expect(expected).toHaveLength(LONG_HISTORY + 2);
    expect(await readAllEvents(page)).toEqual(expected);
  });

  it("gives each event a link of its own", async () => {
    const { id } = await registerAgent(site.api, stage, "flute");
    await transition(id, "SUSPEND", "a broken key");
    for (let count = 0; count < 120; count += 1) await transition(id, count % 2 === 0 ? "RESUME" : "SUSPEND", "noise");
    await transition(id, "MAINTAIN", "to be mended");
    const events = await timelineOf(site.api, id);
    const [newest, oldest] = [events[0], events.find(({ reason }) => reason === "a broken key")];

    const page = await openAgent(id);
    await eventList(page).locator(`a[href*="event=${newest?.id}"]`).first().click();
    await page.waitForURL(new RegExp(`event=${newest?.id}$`));
    const open = (on: Page) => on.getByRole("region", { name: "Event" });
    await expect(open(page)).toContainText("to be mended");
    // One that is far down the list, in a browser that comes there by the link.
    const fresh = await openAgent(id, `?event=${oldest?.id}`);
    await expect(open(fresh)).toContainText("a broken key");
    await expect(eventList(fresh)).toBeVisible();
  });

  it("lets a busy agent finish before it is suspended, and shows that it waits", async () => {
    await performer.work();
    const page = await openAgent();
    await expect(summary(page)).toContainText("Busy");
    await submit(await chooseAction(page, "Suspend"), "Suspend", "after this piece", /^Drain/);
    await expect(openDialog(page)).toBeHidden();
    await expect(summary(page)).toContainText("Busy");
    await expect(page.getByRole("main")).toContainText(/after this piece/);
    await expect(page.getByRole("main")).toContainText(/Suspend\w* .*when|when .*suspend/i);
    performer.finish();
    await expect(summary(page)).toContainText("Suspended");
    await submit(await chooseAction(page, "Resume"), "Resume", "next piece");
    await expect(summary(page)).toContainText(/Online|Idle/);
  });

  it("suspends a busy agent at once when that is asked", async () => {
    await performer.work();
    const page = await openAgent();
    await expect(summary(page)).toContainText("Busy");
    await submit(await chooseAction(page, "Suspend"), "Suspend", "the hall is on fire", /^Now/);
    await expect(summary(page)).toContainText("Suspended");
    await expect(eventList(page)).toContainText("the hall is on fire");
    // The task went back to the queue, and comes again.
    await transition(performer.id, "RESUME", "a false alarm");
    await expect(summary(page)).toContainText("Busy");
    performer.finish();
    await expect(summary(page)).toContainText("Idle");
  });

  it("asks for a reason before it does anything", async () => {
    const page = await openAgent();
    const before = await timelineOf(site.api, performer.id);
    const dialog = await chooseAction(page, "Suspend");
    const button = dialog.getByRole("button", { name: "Suspend", exact: true });
    if (await button.isEnabled()) await button.click();
    await expect(dialog.getByRole("textbox", { name: "Reason" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    expect(await timelineOf(site.api, performer.id)).toEqual(before);
  });

  it("refuses what has become illegal with a sentence", async () => {
    const { id } = await registerAgent(site.api, stage, "oboe");
    const page = await openAgent(id);
    const dialog = await chooseAction(page, "Start");
    await transition(id, "SUSPEND", "taken away meanwhile");
    await expect(dialog).toContainText(/Registered when you opened this, and is Suspended now/);
    const refusal = await transition(id, "START", "x").catch((error: Error) => error.message);
    await submit(dialog, "Start", "to play");
    await expect(problem(dialog)).toContainText(String(refusal));
    await page.keyboard.press("Escape");
    await expect(summary(page)).toContainText("Suspended");
  });

  it("says that there is no such agent", async () => {
    const page = await openAgent("agent_01jd8x4v7te9t8r1p0c6m9qk2a");
    await expect(page.getByRole("main")).toContainText(/no (such )?agent|not found/i);
  });
});
