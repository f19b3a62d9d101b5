import { TaskFailure } from "@muster/agent/failure.ts";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject, type ProjectRow } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { mark, queueAction, stateBeside, unmarked, work } from "./site/work-screens.ts";
import { chooseAction, title } from "./site/screens.ts";
import { type Site, startSite } from "./site/start-site.ts";
import { door, startWorker, stateOf, type Worker } from "./site/worker.ts";

const PROJECT = "demo/tasks";
const GRACE_MS = 5_000;
const LIMIT_MS = 90_000;

describe("a task", () => {
  let site: Site;
  let project: ProjectRow;
  const workers: Worker[] = [];
  beforeAll(async () => {
    site = await startSite(["--no-demo"], { MUSTER_CANCEL_GRACE_MS: String(GRACE_MS) });
    project = await ensureProject(site.api, PROJECT);
  }, BROWSER_SET_UP_MS);
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await site?.stop();
  });

  const employ = async (options: Parameters<typeof startWorker>[2]) => {
    const worker = await startWorker(site.api, project, options);
    workers.push(worker);
    return worker;
  };
  const create = async (input: object) =>
    (await site.api.change<{ id: string }>("createTask", { projectId: project.id, ...input })).id;
  const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

  it(
    "is created by the form that its definition describes, and watched until it is done, here and elsewhere",
    async () => {
      const [secondBar, end] = [door(), door()];
      await employ({
        name: "quartet",
        tasks: {
          play: async ({ input }, { progress }) => {
            await progress(0.25, "the first bar", "la la\n");
            await secondBar.opened;
            await progress(0.75, "the second bar", "li li\n");
            await end.opened;
            return { applause: true, of: input };
          },
        },
        described: {
          play: {
            inputSchema: {
              type: "object",
              properties: {
                title: { type: "string", minLength: 3, title: "Piece" },
                bars: { type: "integer", minimum: 1, title: "Bars" },
              },
              required: ["title"],
              additionalProperties: false,
            },
          },
        },
      });
      const other = await openPage(site.operator(), work.tasks(PROJECT));
      await expect(title(other, "Tasks")).toBeVisible();
      await mark(other);
      const page = await openPage(site.operator(), work.tasks(PROJECT));
      await page.getByRole("button", { name: "Create task" }).click();
      await mark(page);
      const dialog = page.getByRole("dialog", { name: "Create task" });
      await dialog.getByLabel("Kind").fill("play");
      const input = dialog.getByRole("group", { name: "Input", exact: true });
      await input.getByLabel("Piece").fill("La");
      await input.getByLabel("Bars").fill("2");
      await dialog.getByRole("button", { name: "Create task" }).click();
      await expect(input.getByLabel("Piece")).toHaveAttribute("aria-invalid", "true");
      await input.getByLabel("Piece").fill("Lacrimosa");
      await dialog.getByRole("button", { name: "Create task" }).click();

      await expect(title(page, "play Lacrimosa")).toBeVisible();
      await expect(stateBeside(page, "play Lacrimosa")).toContainText("Running");
      await expect(page.getByText("the first bar")).toBeVisible();
      await expect(page.getByRole("progressbar", { name: "Progress" })).toHaveAttribute("aria-valuenow", "25");
      const [attempt, streamed] = [page.getByRole("list", { name: "Attempts" }), region(page, "What was streamed")];
      await expect(attempt).toContainText(/Attempt 1.*quartet.*ran.*so far/s);
      await expect(streamed).toContainText("la la");
      const row = other.getByRole("row").filter({ hasText: "play Lacrimosa" });
      await expect(row).toContainText(/Running.*quartet/s);
      secondBar.open();
      await expect(streamed).toContainText(/la la.*li li/s);
      await expect(page.getByRole("progressbar", { name: "Progress" })).toHaveAttribute("aria-valuenow", "75");
      end.open();
      await expect(stateBeside(page, "play Lacrimosa")).toContainText("Succeeded");
      await expect(attempt).toContainText(/Attempt 1.*succeeded/s);
      await expect(region(page, "Output")).toContainText(/"?applause"?: true/);
      await expect(region(page, "Input")).toContainText(/"?bars"?: 2/);
      await expect(row).toContainText("Succeeded");
      expect([await unmarked(page), await unmarked(other)]).toEqual([false, false]);
    },
    LIMIT_MS,
  );

  it(
    "that fails is tried again, given up, told why, and run again with another input",
    async () => {
      const doors = [door(), door()];
      await employ({
        name: "fiddler",
        tasks: {
          rehearse: async ({ input, attempt }) => {
            const { strings } = input as { strings: number };
            if (strings === 4) return "in tune";
            await doors[attempt - 1]?.opened;
            throw new TaskFailure(`${strings} strings are too few`, { kind: "broken_string" });
          },
        },
      });
      const backoff = { initialMs: 200, factor: 1, maxMs: 200, jitter: false };
      const failing = await create({ kind: "rehearse", input: { strings: 3 }, maxFailures: 2, backoff });
      const page = await openPage(site.operator(), work.task(failing, PROJECT));
      await expect(stateBeside(page, "rehearse")).toContainText("Running");
      await mark(page);
      doors[0]?.open();
      const attempts = page.getByRole("list", { name: "Attempts" }).getByRole("listitem");
      await expect(attempts).toHaveCount(2);
      await expect(attempts.first()).toContainText(/failed: 3 strings are too few/);
      await expect(region(page, "What happened")).toContainText("The last attempt failed: 3 strings are too few");
      doors[1]?.open();
      await expect(stateBeside(page, "rehearse")).toContainText("Failed");
      await expect(region(page, "What happened")).toContainText("It is given up after 2 failures.");
      expect(await unmarked(page)).toBe(false);

      await page
        .getByRole("navigation", { name: "Project" })
        .getByRole("link", { name: /^Tasks/ })
        .click();
      await page
        .getByRole("navigation", { name: "Tasks by state" })
        .getByRole("link", { name: /^Failed/ })
        .click();
      const list = page.getByRole("table", { name: "Tasks" });
      await expect(page.getByRole("button", { name: /^broken_string/ })).toBeVisible();
      await list.getByRole("link", { name: "rehearse", exact: true }).click();
      await page.getByRole("button", { name: "Edit and run again" }).click();
      const dialog = page.getByRole("dialog", { name: "Run rehearse again" });
      await dialog.getByLabel("Input as JSON").fill(`{ "strings": 4`);
      await dialog.getByRole("button", { name: "Run again" }).click();
      await expect(dialog).toContainText(/Line 1: /);
      await dialog.getByLabel("Input as JSON").fill(`{ "strings": 4 }`);
      await dialog.getByRole("button", { name: "Run again" }).click();
      await expect(page).not.toHaveURL(new RegExp(failing));
      await expect(stateBeside(page, "rehearse")).toContainText("Succeeded");
      await region(page, "Runs again").getByRole("link", { name: "rehearse" }).click();
      await expect(page).toHaveURL(new RegExp(failing));
      await expect(region(page, "Run again as")).toContainText(/rehearse.*Succeeded|Succeeded.*rehearse/s);
    },
    LIMIT_MS,
  );

  it(
    "is cancelled for a reason, by force where its agent does not obey",
    async () => {
      const end = door();
      await employ({
        name: "drummer",
        tasks: {
          drum: async ({ input }, { signal }) => {
            if ((input as { deaf: boolean }).deaf) return end.opened;
            await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
          },
        },
        maxConcurrency: 2,
      });
      const cancel = async (id: string) => {
        const page = await openPage(site.operator(), work.task(id, PROJECT));
        await expect(stateBeside(page, "drum")).toContainText("Running");
        await page.getByRole("button", { name: "Cancel", exact: true }).click();
        const dialog = page.getByRole("dialog", { name: "Cancel drum" });
        await dialog.getByLabel("Reason").fill("the neighbours sleep");
        await dialog.getByRole("button", { name: "Cancel task" }).click();
        await expect(dialog).toBeHidden();
        return page;
      };
      const obedient = await cancel(await create({ kind: "drum", input: { deaf: false } }));
      await expect(region(obedient, "What happened")).toContainText("Cancelled: “the neighbours sleep”");
      await expect(stateBeside(obedient, "drum")).toContainText("Cancelled");
      await expect(obedient.getByRole("button", { name: "Run again", exact: true })).toBeEnabled();

      const deaf = await create({ kind: "drum", input: { deaf: true } });
      const page = await cancel(deaf);
      await expect(page.getByRole("main")).toContainText(
        /drummer is asked to stop: “the neighbours sleep”.*ended by force/s,
      );
      expect(await stateOf(site.api, deaf)).toBe("CANCELLING");
      await expect(stateBeside(page, "drum")).toContainText("Cancelled", { timeout: 30_000 });
      await expect(page.getByRole("list", { name: "Attempts" })).toContainText(/cancelled/i);
      end.open();
    },
    LIMIT_MS,
  );

  it(
    "says that its agent is in maintenance, leads there, and runs when that is over",
    async () => {
      const pianist = await employ({ name: "pianist", tasks: { accompany: () => "done" } });
      await site.api.change("transitionAgent", {
        agentId: pianist.id,
        action: "MAINTAIN",
        reason: "the tuner is here",
      });
      await expect.poll(() => stateOf(site.api, pianist.id)).toBe("MAINTENANCE");
      const task = await create({ kind: "accompany", input: {}, agentId: pianist.id });
      const page = await openPage(site.operator(), work.task(task, PROJECT));
      await mark(page);
      const why = region(page, "Why it is not running");
      await expect(why).toContainText("The agent that it is for is in maintenance.");
      const other = await openPage(site.operator(), work.task(task, PROJECT));
      await region(other, "Why it is not running").getByRole("link", { name: "pianist" }).click();
      await expect(title(other, "pianist")).toBeVisible();
      const dialog = await chooseAction(other, "Resume");
      await dialog.getByLabel("Reason").fill("in tune");
      await dialog.getByRole("button", { name: "Resume" }).click();
      await expect(stateBeside(page, "accompany")).toContainText("Succeeded");
      await expect(why).toBeHidden();
      expect(await unmarked(page)).toBe(false);
    },
    LIMIT_MS,
  );

  it(
    "says that its queue is paused, while somebody else pauses and resumes it",
    async () => {
      await employ({ name: "singer", tasks: { sing: () => "la" } });
      await expect
        .poll(async () =>
          stateOf(site.api, await create({ kind: "sing", input: {}, queue: "choir", idempotencyKey: "first" })),
        )
        .toBe("SUCCEEDED");
      const other = await openPage(site.operator(), work.queues(PROJECT));
      const queue = other.getByRole("row").filter({ has: other.getByRole("button", { name: "choir", exact: true }) });
      await queueAction(other, "choir", "Pause", "a cold");
      await expect(queue).toContainText(/Paused.*a cold/s);
      const task = await create({ kind: "sing", input: {}, queue: "choir" });
      const page = await openPage(site.operator(), work.task(task, PROJECT));
      await mark(page);
      const why = region(page, "Why it is not running");
      await expect(why).toContainText(/queue.*choir.*paused/is);
      await expect(why.getByRole("link", { name: "Queue choir" })).toBeVisible();
      await expect(why.getByRole("button", { name: "Resume choir" })).toBeEnabled();
      await expect(queue).toContainText(/1 in line/);
      await queueAction(other, "choir", "Resume", "well again");
      await expect(stateBeside(page, "sing")).toContainText("Succeeded");
      await expect(queue).toContainText(/0 in line/);
      expect(await unmarked(page)).toBe(false);
    },
    LIMIT_MS,
  );
});
