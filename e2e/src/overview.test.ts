import type { Page } from "playwright";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject, type ProjectRow } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { chooseAction, title } from "./site/screens.ts";
import { joinSite, type Site } from "./site/start-site.ts";
import { mark, unmarked, work } from "./site/work-screens.ts";
import { startWorker, stateOf, type Worker } from "./site/worker.ts";

const PROJECT = "demo/overview";
const LIMIT_MS = 90_000;

describe("the overview", () => {
  let site: Site;
  let project: ProjectRow;
  let worker: Worker;
  beforeAll(async () => {
    site = await joinSite();
    project = await ensureProject(site.api, PROJECT);
    worker = await startWorker(site.api, project, {
      name: "caller",
      tasks: {
        call: ({ input }) => {
          if ((input as { wrong?: boolean }).wrong) throw new Error("nobody answers");
          return "hello";
        },
      },
      maxConcurrency: 4,
    });
  }, BROWSER_SET_UP_MS);
  afterAll(async () => {
    await worker?.stop();
    await site?.stop();
  });

  const call = async (input: object) =>
    (
      await site.api.change<{ id: string }>("createTask", {
        projectId: project.id,
        kind: "call",
        input,
        maxFailures: 1,
      })
    ).id;
  const attention = (page: Page) => page.getByRole("region", { name: "Needs attention" });
  const allWell = (page: Page) => page.getByRole("heading", { name: "All is well" });
  /** What the chart comes to, above it. */
  const figure = (page: Page, what: RegExp) => page.getByRole("main").getByText(what).first();

  it(
    "tells of an agent that fails as it does, leads to it, and is calm again when it is well",
    async () => {
      const page = await openPage(site.operator(), work.overview(PROJECT));
      await expect(allWell(page)).toBeVisible();
      await expect(page.getByRole("list", { name: "Agents by state" })).toContainText(/(Online|Idle)\s*1/);
      await mark(page);
      await site.api.change("transitionAgent", { agentId: worker.id, action: "FAIL", reason: "lost its voice" });
      const row = attention(page).getByRole("listitem").filter({ hasText: "caller has failed" });
      await expect(row).toContainText("lost its voice");
      await expect(allWell(page)).toBeHidden();
      await expect(page.getByRole("list", { name: "Agents by state" })).toContainText(/Error\s*1/);

      const other = await openPage(site.operator(), work.overview(PROJECT));
      await attention(other).getByRole("link", { name: "Open caller" }).click();
      await expect(title(other, "caller")).toBeVisible();
      const dialog = await chooseAction(other, "Recover");
      await dialog.getByLabel("Reason").fill("it has had its tea");
      await dialog.getByRole("button", { name: "Recover" }).click();
      await expect(attention(page)).toBeHidden();
      await expect(allWell(page)).toBeVisible();
      expect(await unmarked(page)).toBe(false);
    },
    LIMIT_MS,
  );

  it(
    "counts what ends, and tells of what failed until it is run again",
    async () => {
      await expect.poll(() => stateOf(site.api, worker.id), { timeout: 30_000 }).toMatch(/ONLINE|IDLE/);
      const page = await openPage(site.operator(), work.overview(PROJECT));
      const chart = page.getByRole("slider", { name: /^Tasks that ended in the last/ });
      await expect(chart).toBeVisible();
      await expect(figure(page, /^0 tasks ended$/)).toBeVisible();
      await mark(page);
      for (let made = 0; made < 3; made += 1) await call({});
      await expect(figure(page, /^3 tasks ended$/)).toBeVisible();
      await expect(allWell(page)).toBeVisible();
      const failed = await call({ wrong: true });
      await expect(figure(page, /^4 tasks ended$/)).toBeVisible();
      await expect(figure(page, /^1 failed \(25 %\)$/)).toBeVisible();
      const row = attention(page).getByRole("listitem").filter({ hasText: "1 task has failed and was not run again" });
      await expect(row).toContainText("nobody answers");
      // All of them ended in the last slices: what the keys go through adds up to what is told above. By their times, because they move on.
      await chart.focus();
      const slices = new Map<string, number>();
      const succeeded = () => [...slices.values()].reduce((sum, count) => sum + count, 0);
      for (let step = 0; step < 10 && succeeded() < 3; step += 1) {
        const place = (await chart.getAttribute("aria-valuenow")) ?? "";
        const text = (await chart.getAttribute("aria-valuetext")) ?? "";
        slices.set(text.slice(0, text.indexOf(": ")), Number(/(\d+) succeeded/.exec(text)?.[1] ?? 0));
        await page.keyboard.press("ArrowLeft");
        await expect(chart).not.toHaveAttribute("aria-valuenow", place);
      }
      expect(succeeded()).toBe(3);

      const other = await openPage(site.operator(), work.task(failed, PROJECT));
      await other.getByRole("button", { name: "Edit and run again" }).click();
      const dialog = other.getByRole("dialog", { name: "Run call again" });
      await dialog.getByLabel("Input as JSON").fill("{}");
      await dialog.getByRole("button", { name: "Run again" }).click();
      await expect(figure(page, /^5 tasks ended$/)).toBeVisible();
      await expect(allWell(page)).toBeVisible();
      expect(await unmarked(page)).toBe(false);
    },
    LIMIT_MS,
  );

  it(
    "names a queue that is paused until it is resumed",
    async () => {
      const page = await openPage(site.operator(), work.overview(PROJECT));
      await expect(allWell(page)).toBeVisible();
      await mark(page);
      const queue = { projectId: project.id, queue: "default" };
      await site.api.change("pauseQueue", { ...queue, reason: "the line is cut" });
      const row = attention(page).getByRole("listitem").filter({ hasText: "The queue default is paused" });
      await expect(row).toContainText("the line is cut");
      await site.api.change("resumeQueue", { ...queue, reason: "mended" });
      await expect(allWell(page)).toBeVisible();
      expect(await unmarked(page)).toBe(false);
    },
    LIMIT_MS,
  );
});
