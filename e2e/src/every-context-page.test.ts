import type { Page } from "playwright";
import { afterAll, beforeAll, describe } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject, type ProjectRow } from "./site/api.ts";
import { examineScreens, type Screen } from "./site/examine-screens.ts";
import { expect } from "./site/expect.ts";
import { type Performer, startPerformer } from "./site/performer.ts";
import { paths } from "./site/screens.ts";
import { joinSite, type Site } from "./site/start-site.ts";

const STAGE = "demo/library";
const TEMPI = ["andante", "allegro", "presto"];

describe("every page of contexts", () => {
  let site: Site;
  let stage: ProjectRow;
  let player: Performer;
  let score: string;
  let blank: string;
  let rolledBack: string;
  let fork: string;
  beforeAll(async () => {
    site = await joinSite();
    stage = await ensureProject(site.api, STAGE);
    const projectId = stage.id;
    const open = async (name: string) => (await site.api.change<{ id: string }>("openContext", { projectId, name })).id;
    const compose = async (name: string) => {
      const contextId = await open(name);
      for (const tempo of TEMPI) {
        const bars = Array.from({ length: 5 }, (_, bar) => ({ bar, played: tempo === "presto" && bar < 3 }));
        const data = { title: "Sonata", tempo, bars, notes: `${tempo} throughout` };
        await site.api.change("writeContext", { contextId, data, message: `tempo is ${tempo}` });
      }
      return contextId;
    };
    [score, blank, rolledBack] = await Promise.all([compose("score"), open("blank"), compose("draft")]);
    await site.api.change("pinContextVersion", { contextId: score, number: 1, name: "first night" });
    const forked = { fromVersion: `${score}@2`, name: "score for two", message: "for two players" };
    fork = (await site.api.change<{ id: string }>("forkContext", forked)).id;
    player = await startPerformer(site.api, stage, "violin");
    await player.use("draft");
    await site.api.change("rollBackContext", { contextId: rolledBack, toVersion: 1, reason: "too fast" });
  }, BROWSER_SET_UP_MS);
  afterAll(async () => {
    await player?.stop();
    await site?.stop();
  });

  const at = (context: () => string, search: string) => () => `${paths.context(context(), STAGE)}${search}`;
  const changes = (page: Page) => page.getByRole("region", { name: "Changes" });
  const compared = (mode: string): Screen => ({
    name: `comparison ${mode}`,
    path: at(() => score, `?compare=1..3&mode=${mode}`),
    ready: (page) => expect(changes(page)).toContainText("presto"),
  });
  const dialog = (button: string, called: string | RegExp, search = "", shows = called): Screen => ({
    name: `context ${button}`,
    path: at(() => score, search),
    async ready(page) {
      await page.getByRole("main").getByRole("button", { name: button, exact: true }).first().click();
      const opened = page.getByRole("dialog", { name: called });
      await expect(opened).toContainText(shows);
    },
  });

  examineScreens(
    () => site,
    [
      {
        name: "contexts",
        path: () => paths.contexts(STAGE),
        ready: (page) => expect(page.getByRole("main").getByRole("link", { name: "score", exact: true })).toBeVisible(),
      },
      {
        name: "open a context",
        path: () => paths.contexts(STAGE),
        async ready(page) {
          await page.getByRole("button", { name: "Open a context" }).click();
          await expect(page.getByRole("dialog", { name: "Open a context" })).toBeVisible();
        },
      },
      {
        name: "context",
        path: at(() => score, ""),
        ready: (page) => expect(page.getByRole("main").getByText('"presto"')).toBeVisible(),
      },
      {
        name: "context without a version",
        path: at(() => blank, ""),
        ready: (page) => expect(page.getByRole("main")).toContainText("Nothing has been written yet"),
        plain: true,
      },
      {
        name: "context version with a pin",
        path: at(() => score, "?version=1"),
        ready: (page) => expect(page.getByRole("region", { name: "Version 1" })).toContainText("first night"),
      },
      {
        name: "context versions narrowed",
        plain: true,
        path: at(() => score, "?only=pinned"),
        ready: (page) => expect(page.getByRole("list", { name: "Versions" }).getByRole("listitem")).toHaveCount(1),
      },
      compared("unified"),
      compared("split"),
      compared("tree"),
      compared("patch"),
      {
        name: "comparison full",
        plain: true,
        path: at(() => score, "?compare=1..3&full=1"),
        ready: (page) => expect(changes(page)).toContainText("presto"),
      },
      {
        name: "comparison with where it comes from",
        path: () => `${paths.context(fork, STAGE)}?${new URLSearchParams({ with: `${score}@3`, version: "1" })}`,
        ready: (page) => expect(changes(page)).toContainText("score · 3 → score for two · 1"),
      },
      {
        name: "who changed a path",
        path: at(() => score, "?history=/tempo"),
        ready: (page) => expect(page.getByRole("list", { name: "Changes of the path" })).toContainText("presto"),
      },
      dialog("Write", "Write to score", "", "Whole data"),
      dialog("Settings", "Settings of this context"),
      dialog("Pin", "Pin version 2", "?version=2"),
      dialog("Fork", "Fork version 2", "?version=2"),
      dialog("Go to…", "Go to a version"),
      {
        name: "roll back",
        path: at(() => score, "?version=1"),
        async ready(page) {
          await page.getByRole("button", { name: "Roll back to 1" }).first().click();
          await expect(page.getByRole("dialog").getByRole("region", { name: "Changes" })).toBeVisible();
        },
      },
      {
        name: "context that is rolled back",
        path: at(() => rolledBack, ""),
        ready: (page) => expect(page.getByRole("region", { name: /Roll(ing|ed|s)? ?back/i })).toContainText("violin"),
      },
    ],
  );
});
