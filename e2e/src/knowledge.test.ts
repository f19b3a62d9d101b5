import { openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { createTestDatabase, type TestDatabase } from "@muster/database/test-database.ts";
import type { Locator, Page } from "playwright";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject, type ProjectRow } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { newestVersion } from "./site/newest-version.ts";
import { openPage } from "./site/open-page.ts";
import { type Performer, startPerformer } from "./site/performer.ts";
import { paths, problem, title } from "./site/screens.ts";
import { type Site, startSite } from "./site/start-site.ts";

/** On a machine where other tests run, too. */
const TEST_MS = 90_000;

describe("what agents know", { timeout: TEST_MS }, () => {
  let database: TestDatabase;
  let site: Site;
  let stage: ProjectRow;
  beforeAll(async () => {
    // Its own, so that a test can change beneath the API what nobody may change.
    database = await createTestDatabase();
    site = await startSite(["--no-demo"], { DATABASE_URL: database.url });
    stage = await ensureProject(site.api, "demo/stage");
  }, BROWSER_SET_UP_MS);
  afterAll(async () => {
    await site?.stop();
    await database?.drop();
  });

  const versions = (page: Page) => page.getByRole("list", { name: "Versions" }).getByRole("listitem");
  const changes = (within: Page | Locator) => within.getByRole("region", { name: "Changes" });
  const undo = (page: Page) => page.getByRole("button", { name: "Undo" });
  const write = (contextId: string, data: object, message: string) =>
    site.api.change("writeContext", { contextId, data, message });
  /** A context with a version for each tempo. */
  async function compose(name: string, tempi: readonly string[] = ["andante", "allegro"]): Promise<string> {
    const { id } = await site.api.change<{ id: string }>("openContext", { projectId: stage.id, name });
    for (const tempo of tempi) await write(id, { title: "Sonata", tempo, players: ["violin"] }, `${name} is ${tempo}`);
    return id;
  }
  async function open(context: string, search = ""): Promise<Page> {
    const page = await openPage(site.operator(), `${paths.context(context, stage.path)}${search}`);
    await expect(title(page, /./)).toBeVisible();
    return page;
  }
  it("is written by a person, and merged with what an agent has written meanwhile", async () => {
    const score = await compose("score");
    const page = await open(score);
    await page.getByRole("main").getByRole("button", { name: "Write", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Write to score" });
    const text = dialog.getByRole("textbox", { name: "Whole data" });
    await expect(text).toHaveValue(/"allegro"/);
    await text.fill('{ "title": "Sonata", "tempo": }');
    await dialog.getByRole("button", { name: "Look at the changes" }).click();
    await expect(dialog).toContainText(/Line 1: /);
    await text.fill('{ "title": "Sonata", "tempo": "presto", "players": ["violin"] }');
    await dialog.getByRole("button", { name: "Look at the changes" }).click();
    await expect(changes(dialog)).toContainText('"presto"');
    await dialog.getByRole("textbox", { name: "Message" }).fill("faster");

    await write(score, { title: "Sonata", tempo: "allegro", players: ["violin", "viola"] }, "one more");
    await dialog.getByRole("button", { name: "Write version 3" }).click();
    await expect(problem(dialog)).toContainText("Version 3 was written since you began with 2");
    await expect(dialog.getByRole("region", { name: "Changed meanwhile" })).toContainText("/players");
    await dialog.getByRole("button", { name: "Merge mine into 3" }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText("Version 4 was written")).toBeVisible();
    await expect(versions(page).first()).toContainText("faster");
    expect(await newestVersion(site.api, score)).toMatchObject({
      number: 4,
      data: { tempo: "presto", players: ["violin", "viola"] },
      mergedFrom: 2,
    });
  });

  it("is not merged where both have changed the same, and the text is kept", async () => {
    const duet = await compose("duet");
    const page = await open(duet);
    await page.getByRole("main").getByRole("button", { name: "Write", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Write to duet" });
    await dialog.getByRole("button", { name: "Merge patch" }).click();
    await dialog.getByRole("textbox", { name: "Merge patch" }).fill('{ "tempo": "largo" }');
    await dialog.getByRole("button", { name: "Look at the changes" }).click();
    await dialog.getByRole("textbox", { name: "Message" }).fill("slower");
    await write(duet, { title: "Sonata", tempo: "presto", players: ["violin"] }, "faster");
    await dialog.getByRole("button", { name: "Write version 3" }).click();
    await dialog.getByRole("button", { name: "Merge mine into 3" }).click();
    await expect(dialog.getByRole("list", { name: "Changed by both" })).toHaveText("/tempo");
    await dialog.getByRole("button", { name: "Keep my text, begin with 3" }).click();
    await expect(dialog.getByRole("textbox", { name: "Merge patch" })).toHaveValue(/largo/);
    await dialog.getByRole("button", { name: "Look at the changes" }).click();
    await expect(changes(dialog)).toContainText('"presto"');
    await dialog.getByRole("button", { name: "Write version 4" }).click();
    await expect(dialog).toBeHidden();
    expect(await newestVersion(site.api, duet)).toMatchObject({ number: 4, data: { tempo: "largo" } });
  });

  it("tells who changed a path, from the line that one reads", async () => {
    const trio = await compose("trio", ["andante", "andante", "presto"]);
    const page = await open(trio);
    await page.getByRole("treeitem", { name: /"tempo"/ }).click();
    await expect(page.getByRole("status", { name: "Path" })).toHaveText("/tempo");
    await page.getByRole("link", { name: "Who changed this" }).click();
    await page.waitForURL(/history=%2Ftempo$/);
    const lines = page.getByRole("list", { name: "Changes of the path" }).getByRole("listitem");
    await expect(lines).toHaveCount(2);
    await expect(lines.first()).toContainText(/changed it.*trio is presto.*version 3/);
    await expect(lines.first()).toContainText('"andante"');
    await expect(lines.last()).toContainText(/added it.*version 1/);
    const path = page.getByRole("textbox", { name: "Path" });
    await path.fill("tempo");
    await path.press("Enter");
    await expect(problem(page)).toContainText("/");
    await path.fill("/conductor");
    await path.press("Enter");
    await expect(page.getByRole("main")).toContainText("Nothing has ever stood there");
    await page.goBack();
    await lines.first().getByRole("link", { name: "compare" }).click();
    await expect(changes(page)).toContainText("2 → 3");
  });

  it("is pinned by name and taken off again, each with a way back", async () => {
    const sketch = await compose("sketch");
    const page = await open(sketch, "?version=1");
    const version = page.getByRole("region", { name: "Version 1" });
    const facts = page.getByRole("main").getByText("pinned: first night");
    await version.getByRole("button", { name: "Pin", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Pin version 1" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("first night");
    await dialog.getByRole("button", { name: "Pin", exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(facts).toBeVisible();
    await undo(page).click();
    await expect(facts).toBeHidden();

    await version.getByRole("button", { name: "Pin", exact: true }).click();
    await dialog.getByRole("textbox", { name: "Name" }).fill("first night");
    await dialog.getByRole("button", { name: "Pin", exact: true }).click();
    await version.getByRole("button", { name: "Unpin first night" }).click();
    await expect(facts).toBeHidden();
    await page
      .getByRole("dialog", { name: /taken off/ })
      .getByRole("button", { name: "Undo" })
      .click();
    await expect(facts).toBeVisible();
    await expect(version.getByRole("button", { name: "Unpin first night" })).toBeVisible();
  });

  it("is forked, and the fork compared with its origin", async () => {
    const origin = await compose("origin");
    const page = await open(origin, "?version=1");
    await page.getByRole("button", { name: "Fork", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Fork version 1" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("variation");
    await dialog.getByRole("button", { name: "Fork", exact: true }).click();
    await expect(title(page, "variation")).toBeVisible();
    const fork = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    await write(fork, { title: "Sonata", tempo: "adagio", players: ["violin"] }, "variation is adagio");
    await expect(versions(page)).toHaveCount(2);
    await page.getByRole("link", { name: "compare with it" }).click();
    await expect(changes(page)).toContainText("origin · 1 → variation · 2");
    await expect(changes(page)).toContainText('"adagio"');
    await page.getByRole("link", { name: "origin, version 1" }).click();
    await expect(title(page, "origin")).toBeVisible();
    await expect(page.getByRole("main")).toContainText("forked to variation");
  });

  it("is verified, and says which version somebody has changed in the database", async () => {
    const manuscript = await compose("manuscript");
    const page = await open(manuscript);
    await page.getByRole("button", { name: "Verify chain" }).click();
    const verified = page.getByRole("button", { name: /^Chain verified/ });
    await expect(verified).toBeVisible();
    const direct = openDatabase({ url: database.url, connections: 1 });
    await direct.run(
      statement<never>(`update context_versions set message = 'forged' where message = 'manuscript is andante'`),
      [],
    );
    await direct.close();
    await verified.click();
    await expect(page.getByRole("button", { name: "Chain is broken" })).toBeVisible();
    await expect(problem(page)).toContainText("version 1 is the first that is not as it was written");
    await expect(page.getByRole("list", { name: "Bad versions" })).toContainText(/Version 1 \(its record\)/);
  });

  describe("and goes back, while agents use it", () => {
    let players: readonly Performer[] = [];
    let program: string;
    beforeAll(async () => {
      program = await compose("program", ["andante", "allegro", "presto"]);
      players = await Promise.all(
        ["violin", "viola"].map((name) => startPerformer(site.api, stage, name, { supervised: true })),
      );
      await Promise.all(players.map((player) => player.use("program")));
    });
    afterAll(async () => {
      await Promise.all(players.map((player) => player.stop()));
    });

    const rolling = (page: Page) => page.getByRole("region", { name: /^Roll(ing|ed) back/ });
    async function rollBack(page: Page, to: number, reason: string): Promise<void> {
      await page
        .getByRole("button", { name: `Roll back to ${to}` })
        .first()
        .click();
      const dialog = page.getByRole("dialog", { name: `Roll back to ${to}` });
      await expect(changes(dialog)).toBeVisible();
      await dialog.getByRole("textbox", { name: "Reason" }).fill(reason);
      await dialog.getByRole("button", { name: "Roll back", exact: true }).click();
      await expect(dialog).toBeHidden();
    }
    async function settle(page: Page, choice: string, reason: string): Promise<void> {
      await rolling(page).getByRole("button", { name: choice }).click();
      const dialog = page.getByRole("dialog", { name: choice });
      await dialog.getByRole("textbox", { name: "Reason" }).fill(reason);
      await dialog.getByRole("button", { name: choice }).click();
      await expect(dialog).toBeHidden();
    }

    it("fails when one refuses, says why, and succeeds when that one has been restarted", async () => {
      const [violin, viola] = players;
      const page = await open(program, "?version=1");
      await rollBack(page, 1, "too fast for the hall");
      violin?.confirm();
      viola?.refuse("a string broke at andante");
      await expect(rolling(page)).toContainText("Failed");
      await expect(rolling(page)).toContainText("1 of 2 confirmed");
      await expect(rolling(page)).toContainText(/viola could not load it.*a string broke at andante/);
      for (const choice of ["Ask again", "Restart viola and ask", "Declare it done"]) {
        await expect(rolling(page).getByRole("button", { name: choice })).toBeVisible();
      }
      // The next process is asked once more, as it comes up.
      viola?.confirm();
      await settle(page, "Restart viola and ask", "it has new strings");
      await expect(rolling(page)).toContainText("Succeeded");
      await expect(rolling(page).getByRole("button", { name: "Ask again" })).toBeHidden();
      const { node } = await site.api.query<{ node: { connects: { totalCount: number } } }>(
        `query ($id: ID!) { node(id: $id) { ... on Agent { connects: timeline(filter: { types: ["agent.connected"] }) { totalCount } } } }`,
        { id: viola?.id },
      );
      expect(node.connects.totalCount).toBeGreaterThan(1);
    });

    it("is asked for again, refused again, and declared done by a person", async () => {
      const [violin, viola] = players;
      const page = await open(program, "?version=2");
      await rollBack(page, 2, "the hall was rebuilt");
      violin?.confirm();
      viola?.refuse("a string broke at allegro");
      await expect(rolling(page)).toContainText("Failed");
      await settle(page, "Ask again", "it may hold now");
      await expect(rolling(page)).toContainText("Pending");
      viola?.refuse("it broke once more");
      await expect(rolling(page)).toContainText(/Failed.*it broke once more/);
      await settle(page, "Declare it done", "it plays from memory");
      await expect(rolling(page)).toContainText("Succeeded");
      // What was refused stays to be read.
      await expect(rolling(page)).toContainText("it broke once more");
    });

    it("takes the whole agent back: what was changed makes a bundle, and the one before is rolled back to", async () => {
      const [violin] = players;
      const page = await openPage(site.operator(), `${paths.agent(violin?.id ?? "", stage.path)}?tab=config`);
      await page.getByRole("button", { name: "Edit", exact: true }).click();
      const form = page.getByRole("form", { name: "Change the agent" });
      await form.getByRole("spinbutton", { name: "Tasks at once" }).fill("3");
      await form.getByRole("button", { name: "Review changes" }).click();
      const review = page.getByRole("dialog", { name: "Change violin" });
      await expect(changes(review)).toContainText("3");
      await review.getByRole("button", { name: "Save" }).click();
      await expect(form).toBeHidden();

      await page.getByRole("link", { name: /^Versions/ }).click();
      const bundles = page.getByRole("list", { name: "Bundles" }).getByRole("listitem");
      await expect(bundles).toHaveCount(2);
      const comparison = page.getByRole("region", { name: "Comparison" });
      await expect(comparison).toContainText("1 → 2");
      await comparison.getByRole("button", { name: "Roll back to 1" }).click();
      const dialog = page.getByRole("dialog", { name: "Roll back to 1" });
      await dialog.getByRole("radio", { name: /^Keep/ }).check();
      await dialog.getByRole("textbox", { name: "Reason" }).fill("one piece at a time");
      await dialog.getByRole("button", { name: "Roll back", exact: true }).click();
      await expect(dialog).toBeHidden();
      await expect(bundles).toHaveCount(3);
      await expect(bundles.first()).toContainText("back to 1");
      await expect(page.getByRole("region", { name: "Last rollback" })).toContainText("one piece at a time");
      const { node } = await site.api.query<{ node: { maxConcurrency: number; bundle: number } }>(
        `query ($id: ID!) { node(id: $id) { ... on Agent { maxConcurrency bundle } } }`,
        { id: violin?.id },
      );
      expect(node).toEqual({ maxConcurrency: 1, bundle: 3 });
    });
  });
});
