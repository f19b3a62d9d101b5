import { TaskFailure } from "@muster/agent/failure.ts";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject, type ProjectRow } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { title } from "./site/screens.ts";
import { joinSite, type Site } from "./site/start-site.ts";
import { doAsOffered, giveReason, mark, stateBeside, unmarked, work } from "./site/work-screens.ts";
import { door, startWorker, type Worker } from "./site/worker.ts";

const PROJECT = "demo/work";
const LIMIT_MS = 90_000;

describe("work that is planned", () => {
  let site: Site;
  let project: ProjectRow;
  const workers: Worker[] = [];
  beforeAll(async () => {
    site = await joinSite();
    project = await ensureProject(site.api, PROJECT);
  }, BROWSER_SET_UP_MS);
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await site?.stop();
  });

  const employ = async (options: Parameters<typeof startWorker>[2]) => {
    workers.push(await startWorker(site.api, project, options));
  };

  /** collect → (mix, check) → publish */
  const createAlbum = async (kind: string, name: string) => {
    const task = { kind, input: {}, maxFailures: 1 };
    const step = (own: string, ...dependsOn: string[]) => ({ step: own, task: { ...task, input: { own } }, dependsOn });
    const { id } = await site.api.change<{ id: string }>("createWorkflow", {
      projectId: project.id,
      name,
      onFailure: "SKIP_DEPENDENTS",
      tasks: [step("collect"), step("mix", "collect"), step("check", "collect"), step("publish", "mix", "check")],
    });
    return id;
  };

  it(
    "shows a workflow's steps as they go on, and which one broke it",
    async () => {
      const doors: Readonly<Record<string, ReturnType<typeof door>>> = { collect: door(), mix: door(), check: door() };
      await employ({
        name: "studio",
        tasks: {
          produce: async ({ input }) => {
            const { own } = input as { own: string };
            await doors[own]?.opened;
            if (own === "check") throw new TaskFailure("the bass hums", { kind: "noise", retryable: false });
            return own;
          },
        },
        maxConcurrency: 4,
      });
      const other = await openPage(site.operator(), work.workflows(PROJECT));
      await expect(title(other, "Workflows")).toBeVisible();
      await mark(other);
      const album = await createAlbum("produce", "First album");
      const row = other.getByRole("row").filter({ hasText: "First album" });
      await expect(row).toContainText(/Running/);
      const page = await openPage(site.operator(), work.workflow(album, PROJECT));
      await mark(page);
      const graph = page.getByRole("region", { name: "Graph of the steps" });
      const step = (name: string, state: string) =>
        graph.getByRole("button", { name: new RegExp(`^${name} ?: ${state}`) });
      await expect(step("collect", "Running")).toBeVisible();
      await expect(step("publish", "Waiting")).toBeVisible();
      doors["collect"]?.open();
      await expect(step("collect", "Succeeded")).toBeVisible();
      await expect(step("mix", "Running")).toBeVisible();
      await expect(step("check", "Running")).toBeVisible();
      doors["check"]?.open();
      await expect(step("check", "Failed")).toBeVisible();
      await expect(step("publish", "Cancelled")).toBeVisible();
      doors["mix"]?.open();
      await expect(stateBeside(page, "First album")).toContainText("Failed");
      const told = page.getByRole("region", { name: "What went wrong" });
      await expect(told).toContainText("Failed because step check failed: the bass hums.");
      await expect(page.getByText("4 of 4 steps")).toBeVisible();
      await told.getByRole("button", { name: "check" }).click();
      await expect(page.getByRole("complementary", { name: "Step check" })).toContainText("the bass hums");
      await expect(page).toHaveURL(/step=check/);
      await expect(row).toContainText(/Failed/);
      expect([await unmarked(page), await unmarked(other)]).toEqual([false, false]);
    },
    LIMIT_MS,
  );

  it(
    "lets a keyboard walk along a workflow's lines, open a step, and leave it again",
    async () => {
      const album = await createAlbum("nobody-does-this", "Second album");
      const page = await openPage(site.operator(), work.workflow(album, PROJECT));
      const graph = page.getByRole("region", { name: "Graph of the steps" });
      const step = (name: string) => graph.getByRole("button", { name: new RegExp(`^${name} ?: `) });
      await step("collect").focus();
      await page.keyboard.press("ArrowRight");
      await expect(step("mix").or(step("check")).and(page.locator(":focus"))).toBeVisible();
      const [upper, lower] = (await step("mix").evaluate((box) => box === document.activeElement))
        ? ["mix", "check"]
        : ["check", "mix"];
      await page.keyboard.press("ArrowDown");
      await expect(step(lower!).or(step(upper!)).and(page.locator(":focus"))).toBeVisible();
      await page.keyboard.press("ArrowRight");
      await expect(step("publish")).toBeFocused();
      await page.keyboard.press("Enter");
      const panel = page.getByRole("complementary", { name: "Step publish" });
      await expect(panel).toContainText("Waits for");
      await page.keyboard.press("Escape");
      await expect(panel).toBeHidden();
      await expect(step("publish")).toBeFocused();
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("ArrowLeft");
      await expect(step("collect")).toBeFocused();

      await page.getByRole("button", { name: "Cancel workflow" }).click();
      await giveReason(page, "Cancel Second album", "the band split up", "Cancel workflow");
      await expect(stateBeside(page, "Second album")).toContainText("Cancelled");
      await expect(page.getByRole("region", { name: "What went wrong" })).toContainText("“the band split up”");
      for (const name of ["collect", "mix", "check", "publish"]) {
        await expect(graph.getByRole("button", { name: new RegExp(`^${name} ?: Cancelled`) })).toBeVisible();
      }
    },
    LIMIT_MS,
  );

  it(
    "creates a schedule with its next runs in sight, runs it now, pauses it and takes that back",
    async () => {
      await employ({ name: "metronome", tasks: { tick: () => "tock" } });
      const page = await openPage(site.operator(), work.schedules(PROJECT));
      await page.getByRole("button", { name: "Create schedule" }).click();
      const dialog = page.getByRole("dialog", { name: "Create schedule" });
      const next = dialog.getByRole("region", { name: "Next runs" });
      await dialog.getByLabel("Name").fill("Every hour");
      await dialog.getByLabel("Time zone").fill("Europe/Berlin");
      await dialog.getByLabel("Cron expression").fill("61 * * * *");
      await expect(next).toContainText(/^This /);
      await dialog.getByLabel("Cron expression").fill("30 4 1 1 *");
      await expect(next.getByRole("listitem")).toHaveCount(5);
      await expect(next.getByRole("listitem").first()).toContainText("04:30");
      await dialog.getByLabel("Task", { exact: true }).fill(`{ "kind": "tick", "input": {}, "priority": 2000000000 }`);
      await dialog.getByRole("button", { name: "Create schedule" }).click();
      await expect(dialog.getByRole("alert").first()).toContainText(/priority/i);
      await dialog.getByLabel("Task", { exact: true }).fill(`{ "kind": "tick", "input": {} }`);
      await dialog.getByRole("button", { name: "Create schedule" }).click();

      await expect(title(page, "Every hour")).toBeVisible();
      await mark(page);
      const other = await openPage(site.operator(), work.schedules(PROJECT));
      const row = other.getByRole("row").filter({ hasText: "Every hour" });
      await expect(row).toContainText("none yet");
      await mark(other);
      await expect(page.getByText("It has not run yet")).toBeVisible();
      await page.getByRole("button", { name: "Run now" }).click();
      await giveReason(page, "Run Every hour now", "to hear it", "Run now");
      const runs = page.getByRole("region", { name: /^Runs/ });
      await expect(runs).toContainText("Succeeded");
      await expect(row).toContainText("Succeeded");

      await page.getByRole("button", { name: "Pause" }).click();
      await giveReason(page, "Pause Every hour", "too loud", "Pause");
      await expect(stateBeside(page, "Every hour")).toContainText("Paused");
      await expect(row).toContainText(/Paused.*too loud/s);
      await doAsOffered(page, "Every hour is paused", "Undo");
      await expect(stateBeside(page, "Every hour")).not.toContainText("Paused");
      await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
      await expect(row).not.toContainText("Paused");
      expect([await unmarked(page), await unmarked(other)]).toEqual([false, false]);

      await doAsOffered(page, "A task of Every hour is created", "Show it");
      await expect(stateBeside(page, "tick")).toContainText("Succeeded");
      await expect(page.getByRole("main")).toContainText("by schedule Every hour");
    },
    LIMIT_MS,
  );
});
