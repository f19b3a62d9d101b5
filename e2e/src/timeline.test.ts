import { readFile } from "node:fs/promises";
import { openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { createTestDatabase, type TestDatabase } from "@muster/database/test-database.ts";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject, type EventRow, type ProjectRow, timelineOf } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { type Performer, registerAgent, startPerformer } from "./site/performer.ts";
import { eventList, paths, readAllEvents, shownText, title } from "./site/screens.ts";
import { type Site, startSite } from "./site/start-site.ts";
import { stateOf } from "./site/worker.ts";

/** Of the veteran, once a minute until a minute ago; it ends suspended, for online it would be missed after a while. */
const TURNS = 51;
const SPREAD = statement<never>(`
  with numbered as (
    select id, row_number() over (order by id desc) as n from events
    where agent_id = (select id from agents where name = 'veteran'))
  update events set at = clock_timestamp() - numbered.n * interval '1 minute' from numbered where events.id = numbered.id`);
const AGED = statement<never>(
  `update agents set created_at = created_at - interval '70 minutes' where name = 'veteran'`,
);

/** On a machine where other tests run, too. */
const TEST_MS = 90_000;

describe("what has happened", { timeout: TEST_MS }, () => {
  let database: TestDatabase;
  let site: Site;
  let stage: ProjectRow;
  let veteran: string;
  let turns: EventRow[];
  let performer: Performer;
  beforeAll(async () => {
    database = await createTestDatabase();
    site = await startSite(["--no-demo"], { DATABASE_URL: database.url });
    stage = await ensureProject(site.api, "demo/stage");
    veteran = (await registerAgent(site.api, stage, "veteran")).id;
    for (let turn = 1; turn <= TURNS; turn += 1) await transition(veteran, turn % 2 ? "SUSPEND" : "RESUME", turn);
    const direct = openDatabase({ url: database.url, connections: 1 });
    for (const change of [SPREAD, AGED]) await direct.run(change, []);
    await direct.close();
    turns = await timelineOf(site.api, veteran);
    performer = await startPerformer(site.api, stage, "violin");
  }, BROWSER_SET_UP_MS);
  afterAll(async () => {
    await performer?.stop();
    await site?.stop();
    await database?.drop();
  });

  const transition = (agentId: string, action: string, turn: number | string) =>
    site.api.change("transitionAgent", { agentId, action, reason: `turn ${turn}.` });
  const openTimeline = async (id: string, search = "") => {
    const page = await openPage(site.operator(), `${paths.agent(id, stage.path)}${search}`);
    await expect(title(page, /./)).toBeVisible();
    await expect(eventList(page).getByRole("listitem").first()).toBeVisible();
    return page;
  };
  const rows = (page: Page) => eventList(page).getByRole("listitem");
  const idOf = (turn: number) => turns.find(({ reason }) => reason === `turn ${turn}.`)?.id ?? "";
  const parameter = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);
  const chip = (page: Page, name: string) => page.getByRole("main").getByRole("button", { name, exact: true });

  it("is narrowed by drawing over the bar of states, and the address has the range", async () => {
    const page = await openTimeline(veteran);
    const bar = page.getByRole("slider", { name: "Spans of the bar" });
    // Waits until it no longer moves.
    await bar.hover();
    const box = await bar.boundingBox();
    if (!box) throw new Error("The bar is not there.");
    const at = (share: number) => [box.x + box.width * share, box.y + box.height / 2] as const;
    await page.mouse.move(...at(0.5));
    await page.mouse.down();
    await page.mouse.move(...at(0.6), { steps: 4 });
    await page.mouse.move(...at(0.75), { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/from=.*to=/);
    const [from, to] = ["from", "to"].map((name) => Date.parse(parameter(page, name) ?? ""));
    expect((to ?? 0) - (from ?? 0)).toBeGreaterThan(10 * 60_000);
    expect((to ?? 0) - (from ?? 0)).toBeLessThan(20 * 60_000);
    await expect(page.getByRole("slider", { name: "Spans of the selection" })).toBeVisible();
    const listed = await expectListed(page, from ?? 0, to ?? 0);
    expect(listed).toBeGreaterThan(5);
    await page.reload();
    await expect(page.getByRole("slider", { name: "Spans of the selection" })).toBeVisible();
    expect(await expectListed(page, from ?? 0, to ?? 0)).toBe(listed);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("slider", { name: "Spans of the selection" })).toBeHidden();
    await expect.poll(() => parameter(page, "from")).toBeNull();
  });

  it("is narrowed by keys alone as well", async () => {
    const page = await openTimeline(veteran);
    await page.keyboard.press("+");
    await page.waitForURL(/from=/);
    const start = page.getByRole("slider", { name: "Start of the selection" });
    const before = Number(await start.getAttribute("aria-valuenow"));
    const begun = Date.parse(parameter(page, "from") ?? "");
    await start.focus();
    await page.keyboard.press("Shift+ArrowRight");
    await expect.poll(async () => Number(await start.getAttribute("aria-valuenow"))).toBeGreaterThan(before + 60_000);
    await expect.poll(() => Date.parse(parameter(page, "from") ?? "")).toBeGreaterThan(begun);
    const [from, to] = ["from", "to"].map((name) => Date.parse(parameter(page, name) ?? ""));
    await expectListed(page, from ?? 0, to ?? 0);
    // A span of it leads to the event that began it.
    await page.getByRole("slider", { name: "Spans of the selection" }).focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("region", { name: "Event" })).toContainText(/turn \d+\./);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("region", { name: "Event" })).toBeHidden();
    await page.keyboard.press("Escape");
    await expect.poll(() => parameter(page, "from")).toBeNull();
  });

  it("is narrowed by kind, text and actor, which survive a reload", async () => {
    const page = await openTimeline(performer.id);
    await performer.work();
    performer.finish();
    await expect(eventList(page)).toContainText(/perform/);
    await chip(page, "Tasks").click();
    await expect.poll(() => parameter(page, "show")).toBe("tasks");
    await expect(eventList(page)).not.toContainText("connected");
    await page.reload();
    await expect(rows(page).first()).toBeVisible();
    await expect(chip(page, "Tasks")).toHaveAttribute("aria-pressed", "true");
    await expect(eventList(page)).not.toContainText("connected");
    await page.getByRole("button", { name: "Clear filters" }).click();
    await expect(eventList(page)).toContainText("connected");

    await transition(performer.id, "SUSPEND", "of the page");
    await transition(performer.id, "RESUME", "of the page");
    await page.getByRole("searchbox", { name: "Search the timeline" }).fill("turn of the page");
    await expect(rows(page)).toHaveCount(2);
    await expect.poll(() => parameter(page, "search")).toBe("turn of the page");
    await page.getByRole("button", { name: "Clear filters" }).click();
    const whom = page.getByRole("combobox", { name: "By whom" });
    await whom.selectOption({ label: "By violin" });
    await expect.poll(() => parameter(page, "actor")).toBe(performer.id);
    await expect(eventList(page)).not.toContainText("turn of the page");
  });

  it("is read compact, in full and as JSON", async () => {
    const page = await openTimeline(veteran);
    await expect(eventList(page)).not.toContainText(idOf(TURNS));
    await chip(page, "Full").click();
    await expect(rows(page).first()).toContainText(idOf(TURNS));
    await expect(rows(page).first()).toContainText("agent.transitioned");
    await chip(page, "JSON").click();
    await expect.poll(() => parameter(page, "look")).toBe("json");
    const shown = page.getByLabel(`${idOf(TURNS)} as JSON`);
    expect(JSON.parse(await shownText(shown))).toMatchObject({ id: idOf(TURNS), reason: `turn ${TURNS}.` });
  });

  it("is reached by a link to one old event, with the one before and after", async () => {
    const page = await openTimeline(veteran, `?event=${idOf(4)}`);
    const event = page.getByRole("region", { name: "Event" });
    await expect(event).toContainText("turn 4.");
    await expect(
      eventList(page)
        .locator(`a[href*="event=${idOf(4)}"]`)
        .first(),
    ).toBeInViewport();
    await event.getByRole("button", { name: "Next event" }).click();
    await expect(event).toContainText("turn 5.");
    await page.keyboard.press("p");
    await expect(event).toContainText("turn 4.");
    await page.keyboard.press("p");
    await expect(event).toContainText("turn 3.");
    await expect.poll(() => parameter(page, "event")).toBe(idOf(3));
    // Faster than anything can be drawn between.
    await page.evaluate(() => {
      for (const key of ["n", "n"]) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    });
    await expect(event).toContainText("turn 5.");
    await expect.poll(() => parameter(page, "event")).toBe(idOf(5));
  });

  it("waits with what is new while one reads further down", async () => {
    const { id } = await registerAgent(site.api, stage, "cello");
    for (let turn = 1; turn <= 41; turn += 1) await transition(id, turn % 2 ? "SUSPEND" : "RESUME", turn);
    const page = await openTimeline(id);
    await page.mouse.move(700, 600);
    await page.mouse.wheel(0, 700);
    const row = rows(page).filter({ hasText: "turn 15." });
    await expect(row).toBeInViewport();
    // Waits until it no longer moves.
    await row.hover();
    const top = (await row.boundingBox())?.y;
    for (const turn of [42, 43, 44]) await transition(id, turn % 2 ? "SUSPEND" : "RESUME", turn);
    const news = page.getByRole("button", { name: /^3 new events/ });
    await expect(news).toBeVisible();
    expect((await row.boundingBox())?.y).toBe(top);
    await news.click();
    await expect(rows(page).first()).toContainText("turn 44.");
    await expect(rows(page).first()).toBeInViewport();
    expect((await readAllEvents(page)).length).toBe((await timelineOf(site.api, id)).length);
  });

  it("is saved as a file with all that matches, and nothing else", async () => {
    const page = await openTimeline(veteran, "?search=turn+1");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export" }).click(),
    ]);
    const saved = JSON.parse(await readFile(await download.path(), "utf8")) as { id: string }[];
    const matching = turns.filter(({ reason }) => reason?.includes("turn 1")).map(({ id }) => id);
    expect(matching).toHaveLength(11);
    expect(saved.map(({ id }) => id)).toEqual(matching.toReversed());
    await expect(page.getByRole("dialog", { name: "Export events" })).toContainText("11 events");
  });

  it("hides the moves between work and idling", async () => {
    await performer.work();
    performer.finish();
    await expect.poll(() => stateOf(site.api, performer.id)).toMatch(/ONLINE|IDLE/);
    const page = await openTimeline(performer.id);
    await expect(eventList(page)).toContainText(/busy/i);
    const all = (await readAllEvents(page)).length;
    await page.evaluate(() => window.scrollTo(0, 0));
    await chip(page, "Hide idle").click();
    await expect.poll(() => parameter(page, "idle")).toBe("hidden");
    const types = new Map((await timelineOf(site.api, performer.id)).map(({ id, type }) => [id, type]));
    const left = await readAllEvents(page);
    expect(left.length).toBeLessThan(all);
    expect([...types.values()].filter((type) => type.startsWith("task."))).toHaveLength(
      left.filter((id) => types.get(id)?.startsWith("task.")).length,
    );
  });

  it("of the whole project comes by itself, is paused and goes on", async () => {
    const { id } = await registerAgent(site.api, stage, "flute");
    const page = await openPage(site.operator(), `/projects/${stage.path}/activity`);
    await expect(rows(page).first()).toBeVisible();
    await transition(id, "SUSPEND", "at first");
    await expect(rows(page).first()).toContainText("turn at first.");
    await expect(rows(page).first()).toContainText("flute");
    await chip(page, "Live").click();
    await transition(id, "RESUME", "while paused");
    await expect(page.getByRole("button", { name: /^1 new event/ })).toBeVisible();
    await expect(eventList(page)).not.toContainText("turn while paused.");
    await chip(page, "Paused").click();
    await expect(rows(page).first()).toContainText("turn while paused.");
    await transition(id, "SUSPEND", "live again");
    await expect(rows(page).first()).toContainText("turn live again.");
  });

  /** Waits until the list has the veteran's events of that time, all of them and no others; answers how many they are. */
  async function expectListed(page: Page, from: number, to: number): Promise<number> {
    const { node } = await site.api.query<{ node: { timeline: { edges: { node: { id: string } }[] } } }>(
      `query ($id: ID!, $after: DateTime, $before: DateTime) { node(id: $id) { ... on Agent {
         timeline(first: 200, filter: { after: $after, before: $before }) { edges { node { id } } } } } }`,
      {
        id: veteran,
        after: new Date(from).toISOString(),
        before: Number.isNaN(to) ? null : new Date(to).toISOString(),
      },
    );
    const expected = node.timeline.edges.map((edge) => edge.node.id).toReversed();
    await expect(async () => expect(await readAllEvents(page)).toEqual(expected)).toPass({ timeout: 20_000 });
    return expected.length;
  }
});
