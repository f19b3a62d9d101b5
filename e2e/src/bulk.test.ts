import { TaskFailure } from "@muster/agent/failure.ts";
import { openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { createTestDatabase, type TestDatabase } from "@muster/database/test-database.ts";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject, type ProjectRow } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { fleetRow, indicator, paths, title } from "./site/screens.ts";
import { type Site, startSite } from "./site/start-site.ts";
import { doAsOffered, mark, unmarked, work } from "./site/work-screens.ts";
import { door, startWorker, type Worker } from "./site/worker.ts";

const PROJECT = "demo/bulk";
const FLEET = "demo/bulk-fleet";
const JAMMED = 120;
const ARCHIVED = 3_000;
/** Targets that a bulk job about tasks deals with at a time. */
const BATCH = 500;
const LIMIT_MS = 90_000;

describe("many at once", () => {
  let database: TestDatabase;
  let site: Site;
  let project: ProjectRow;
  const workers: Worker[] = [];
  let isJammed = true;
  beforeAll(async () => {
    database = await createTestDatabase();
    site = await startSite(["--no-demo"], { DATABASE_URL: database.url });
    project = await ensureProject(site.api, PROJECT);
    workers.push(
      await startWorker(site.api, project, {
        name: "mill",
        tasks: {
          grind: () => {
            if (isJammed) throw new TaskFailure("a stone in the wheel", { kind: "jam" });
            return "flour";
          },
        },
        maxConcurrency: 20,
      }),
    );
    await create(JAMMED, { kind: "grind", maxFailures: 1 });
  }, BROWSER_SET_UP_MS);
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await site?.stop();
    await database?.drop();
  });

  const create = async (count: number, task: object) => {
    const tasks = Array.from({ length: count }, () => ({ projectId: project.id, input: {}, ...task }));
    await site.api.change("createTasks", { tasks });
  };
  const preset = (page: Page, name: string) =>
    page.getByRole("navigation", { name: "Tasks by state" }).getByRole("link", { name: new RegExp(`^${name}`) });
  const matches = (page: Page, text: string) => page.getByRole("status").filter({ hasText: text });

  it(
    "keeps what narrows the list in the address, and under a name that others have too",
    async () => {
      const page = await openPage(site.operator(), work.tasks(PROJECT));
      await expect(preset(page, "Failed")).toContainText(String(JAMMED), { timeout: 60_000 });
      await preset(page, "Failed").click();
      await page.getByRole("button", { name: /^jam/ }).click();
      await expect(page).toHaveURL(/state=FAILED.*error=jam/);
      await page.getByRole("button", { name: "Filter…" }).click();
      const dialog = page.getByRole("dialog", { name: "Filter tasks" });
      await dialog.getByLabel("Kind").fill("grind");
      await dialog.getByRole("button", { name: "Apply" }).click();
      await expect(page.getByRole("button", { name: "Remove the filter kind" })).toBeVisible();
      const found = `${JAMMED} tasks match`;
      await expect(matches(page, found)).toBeVisible();
      await expect(page).toHaveURL(/kind=grind/);
      const address = page.url();
      await page.reload();
      await expect(matches(page, found)).toBeVisible();
      await page
        .getByRole("table", { name: "Tasks" })
        .getByRole("link", { name: "grind", exact: true })
        .first()
        .click();
      await expect(title(page, "grind")).toBeVisible();
      await page.goBack();
      await expect(matches(page, found)).toBeVisible();
      await expect(page).toHaveURL(address);

      await page.getByRole("button", { name: /^Saved views/ }).click();
      await page.getByRole("menuitem", { name: "Save this view…" }).click();
      const naming = page.getByRole("dialog", { name: "Save this view" });
      await naming.getByLabel("Name").fill("Jams");
      await naming.getByRole("button", { name: "Save" }).click();
      const applied = (each: Page) => each.getByRole("button", { name: /^Jams/ });
      await expect(applied(page)).toBeVisible();

      const other = await openPage(site.operator(), work.tasks(PROJECT));
      await mark(other);
      await other.getByRole("button", { name: /^Saved views/ }).click();
      await other.getByRole("menuitem", { name: "Jams" }).click();
      await expect(matches(other, found)).toBeVisible();
      await expect(other).toHaveURL(address);
      await applied(page).click();
      await page.getByRole("menuitem", { name: "Delete Jams" }).click();
      await expect(applied(other)).toBeHidden();
      await doAsOffered(page, "Jams", "Undo");
      await expect(applied(other)).toBeVisible();
      await page.getByRole("button", { name: "Remove the filter kind" }).click();
      await expect(page).not.toHaveURL(/kind=/);
      expect(await unmarked(other)).toBe(false);
    },
    LIMIT_MS,
  );

  it(
    "counts what comes while one reads further down, also what the list leaves out",
    async () => {
      const profile = await site.operator();
      const further = [door(), door()];
      // More of the list is asked for, and answered only after a task has come that does not belong into it.
      await profile.route("**/graphql", async (route, request) => {
        if (/"after":"/.test(request.postData() ?? "")) {
          further[0]?.open();
          await further[1]?.opened;
        }
        await route.continue();
      });
      const page = await openPage(Promise.resolve(profile), work.tasks(PROJECT, { state: "FAILED" }));
      await expect(preset(page, "Failed")).toContainText(String(JAMMED), { timeout: 60_000 });
      await expect(indicator(page)).toHaveText("Live");
      await expect(preset(page, "Waiting")).not.toContainText(/[1-9]/);
      const rows = page.getByRole("table", { name: "Tasks" }).getByRole("row");
      await rows.nth(1).hover();
      await page.mouse.wheel(0, 10_000);
      await further[0]?.opened;
      await create(1, { kind: "nobody-does-this" });
      further[1]?.open();
      await expect(preset(page, "Waiting")).toContainText("1");
    },
    LIMIT_MS,
  );

  it(
    "runs all failed tasks again that match, and shows how far that is",
    async () => {
      const page = await openPage(site.operator(), work.tasks(PROJECT, { state: "FAILED", error: "jam" }));
      await mark(page);
      await expect(matches(page, `${JAMMED} tasks match`)).toBeVisible({ timeout: 60_000 });
      await page.getByRole("checkbox", { name: "Select grind" }).first().check();
      const selection = page.getByRole("region", { name: "Selection" });
      await expect(selection).toContainText("1 task selected");
      await selection.getByRole("button", { name: `Select all ${JAMMED} that match` }).click();
      await expect(selection).toContainText(`All ${JAMMED} tasks selected`);
      isJammed = false;
      await selection.getByRole("button", { name: "Run again" }).click();
      const dialog = page.getByRole("dialog", { name: `Run ${JAMMED} tasks again` });
      await expect(dialog).toContainText(`${JAMMED} tasks will be run again.`);
      await expect(dialog.getByRole("list", { name: "The first of them" })).toContainText(/and \d+ more/);
      const submit = dialog.getByRole("button", { name: `Run ${JAMMED} tasks again` });
      await dialog.getByLabel("Reason").fill("the wheel turns");
      await expect(submit).toBeDisabled();
      await dialog.getByLabel(`Type ${JAMMED} to confirm`).fill(String(JAMMED));
      await submit.click();
      const progress = dialog.getByRole("progressbar", { name: "Progress" });
      await expect(progress).toHaveAttribute("aria-valuetext", `${JAMMED} run again`);
      await expect(dialog).toContainText(`${JAMMED} of ${JAMMED} dealt with`);
      await expect(dialog).toContainText("All of them were dealt with.");
      await expect(selection).toBeHidden();
      await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
      await page.getByRole("button", { name: "Not run again yet" }).click();
      await expect(page.getByText("No task matches")).toBeVisible();
      await page.getByRole("button", { name: "Show all" }).click();
      await expect(preset(page, "Done")).toContainText(String(JAMMED), { timeout: 60_000 });
      expect(await unmarked(page)).toBe(false);
    },
    LIMIT_MS,
  );

  it(
    "stops a bulk job between two batches, and leaves the rest alone",
    async () => {
      const queue = "archive";
      await create(1, { kind: "file", queue });
      await site.api.change("pauseQueue", { projectId: project.id, queue, reason: "nobody reads them" });
      await create(ARCHIVED - 1, { kind: "file", queue });
      const page = await openPage(site.operator(), work.tasks(PROJECT, { queue, order: "created" }));
      await expect(matches(page, "3,000 tasks match")).toBeVisible();
      await page.getByRole("checkbox", { name: "Select file" }).first().check();
      await page.getByRole("button", { name: "Select all 3,000 that match" }).click();
      const held = await holdTask(database, queue, BATCH + 1);
      await page
        .getByRole("region", { name: "Selection" })
        .getByRole("button", { name: "Cancel", exact: true })
        .click();
      const dialog = page.getByRole("dialog", { name: "Cancel 3,000 tasks" });
      await dialog.getByLabel("Reason").fill("they are old");
      await dialog.getByLabel(`Type ${ARCHIVED} to confirm`).fill("3,000");
      await dialog.getByRole("button", { name: "Cancel 3,000 tasks" }).click();
      await expect(dialog).toContainText(/[\d,]+ of 3,000 dealt with/);
      await dialog.getByRole("button", { name: "Abort" }).click();
      const asking = page.getByRole("dialog", { name: "Abort the bulk job" });
      await asking.getByLabel("Reason").fill("not these");
      await asking.getByRole("button", { name: "Abort" }).click();
      await held.letGo();
      await expect(dialog).toContainText(/It was stopped\. [\d,]+ were left alone\./);
      const [, left = "0"] = /([\d,]+) were left alone/.exec((await dialog.textContent()) ?? "") ?? [];
      await dialog.getByRole("link", { name: "Open the bulk job" }).click();
      await expect(title(page, "Cancel 3,000 tasks")).toBeVisible();
      await expect(page.getByRole("main")).toContainText("Aborted");
      await page.goto(work.tasks(PROJECT, { queue, state: "QUEUED" }));
      await expect(matches(page, `${left} tasks match`)).toBeVisible();
      expect(Number(left.replace(",", ""))).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );

  it(
    "suspends the agents that keys have chosen, and says which it could not",
    async () => {
      const fleet = await ensureProject(site.api, FLEET);
      const names = ["anvil", "bellows", "chisel", "dowel", "elm"];
      const hire = (name: string) => startWorker(site.api, fleet, { name, tasks: { hammer: () => null } });
      const hired = await Promise.all(names.map(hire));
      workers.push(...hired);
      await site.api.change("transitionAgent", { agentId: hired[3]?.id, action: "MAINTAIN", reason: "it is split" });
      const other = await openPage(site.operator(), paths.fleet(FLEET));
      await expect(fleetRow(other, "anvil")).toContainText(/Online|Idle/);
      await mark(other);
      const page = await openPage(site.operator(), paths.fleet(FLEET));
      await expect(fleetRow(page, "dowel")).toContainText("Maintenance");
      for (const name of ["anvil", "bellows", "chisel", "dowel"]) {
        await page.keyboard.press("j");
        await expect(page.getByRole("link", { name, exact: true })).toBeFocused();
        await page.keyboard.press("x");
      }
      const selection = page.getByRole("region", { name: "Selection" });
      await expect(selection).toContainText("4 agents selected");
      await selection.getByRole("button", { name: "Suspend" }).click();
      const dialog = page.getByRole("dialog", { name: "Suspend 4 agents" });
      await expect(dialog).toContainText("3 of 4 agents will be suspended.");
      await expect(dialog).toContainText("The others cannot be, as they are now, and are skipped: 1 maintenance.");
      await dialog.getByLabel("Reason").fill("the fire is out");
      await dialog.getByRole("button", { name: "Suspend 4 agents" }).click();
      await expect(dialog).toContainText(/3 suspended/);
      await expect(dialog).toContainText(/1 skipped/);
      for (const name of ["anvil", "bellows", "chisel"]) await expect(fleetRow(other, name)).toContainText("Suspended");
      await expect(fleetRow(other, "dowel")).toContainText("Maintenance");
      await expect(fleetRow(other, "elm")).toContainText(/Online|Idle/);
      await dialog.getByRole("link", { name: "Open the bulk job" }).click();
      await expect(title(page, "Suspend 4 agents")).toBeVisible();
      await expect(page.getByRole("row").filter({ hasText: "dowel" })).toContainText(/Skipped.*maintenance/is);
      expect(await unmarked(other)).toBe(false);
    },
    LIMIT_MS,
  );
});

/** Keeps others from changing the task that is the so-and-so-manieth of a queue, so that a bulk job waits there. */
async function holdTask({ url }: TestDatabase, queue: string, place: number): Promise<{ letGo(): Promise<void> }> {
  const database = openDatabase({ url, connections: 1 });
  const [held, end] = [door(), door()];
  const task = statement<{ id: string }>(
    `select id from tasks where queue = $1 order by created_at, id limit 1 offset $2 for update`,
  );
  const holding = database.transaction(async (transaction) => {
    await transaction.run(task, [queue, place - 1]);
    held.open();
    await end.opened;
  });
  await Promise.race([held.opened, holding]);
  return {
    async letGo() {
      end.open();
      await holding;
      await database.close();
    },
  };
}
