import type { Page } from "playwright";
import { afterAll, beforeAll, describe } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject, type ProjectRow } from "./site/api.ts";
import { examineScreens, type Screen } from "./site/examine-screens.ts";
import { expect } from "./site/expect.ts";
import { paths, title } from "./site/screens.ts";
import { joinSite, type Site } from "./site/start-site.ts";
import { startWorker, type Worker } from "./site/worker.ts";

const HALL = "demo/hall";
const BACKOFF = { initialMs: 100, factor: 1, maxMs: 100, jitter: false };

describe("every page of work", () => {
  let site: Site;
  let hall: ProjectRow;
  let worker: Worker;
  /** The ids of what is looked at. */
  const of: Record<"running" | "failed" | "waiting" | "done" | "workflow" | "schedule" | "bulkJob", string> = {
    running: "",
    failed: "",
    waiting: "",
    done: "",
    workflow: "",
    schedule: "",
    bulkJob: "",
  };
  beforeAll(async () => {
    site = await joinSite();
    hall = await ensureProject(site.api, HALL);
    worker = await startWorker(site.api, hall, {
      name: "organist",
      maxConcurrency: 3,
      tasks: {
        rehearse: () => ({ bars: 64, mistakes: [{ bar: 12, what: "too loud" }] }),
        tune: () => {
          throw new Error("The bellows leak");
        },
        play: async (_task, { progress, signal }) => {
          await progress(0.4, "the second movement", "Allegro\n");
          await progress(0.5, "the second movement", { bar: 32, tempo: "presto" });
          await new Promise((_resolve, reject) =>
            signal.addEventListener("abort", () => reject(signal.reason as Error)),
          );
        },
      },
      described: { play: { description: "Plays a piece", inputSchema: PIECE } },
    });
    const projectId = hall.id;
    const create = async (input: object) =>
      (await site.api.change<{ id: string }>("createTask", { projectId, ...input })).id;
    of.done = await create({ kind: "rehearse", input: { title: "Toccata", bars: [1, 2, 3] }, queue: "rehearsals" });
    of.failed = await create({ kind: "tune", input: { pitch: 442 }, maxFailures: 2, backoff: BACKOFF });
    of.running = await create({ kind: "play", input: { title: "Fugue" } });
    await site.api.change("pauseQueue", { projectId, queue: "evenings", reason: "the hall is locked" });
    of.waiting = await create({ kind: "play", input: { title: "Aria" }, queue: "evenings", dependsOn: [of.running] });
    await site.api.change("setRateLimit", { projectId, key: "bellows", max: 5, periodMs: 60_000 });
    of.workflow = (await site.api.change<{ id: string }>("createWorkflow", { projectId, ...CONCERT })).id;
    const task = { kind: "rehearse", input: { title: "Etude" } };
    const schedule = { projectId, name: "every morning", cron: "30 6 * * 1-5", timeZone: "Europe/Berlin", task };
    of.schedule = (await site.api.change<{ id: string }>("createSchedule", schedule)).id;
    await expect.poll(() => stateOf(of.failed), { timeout: 30_000 }).toBe("FAILED");
    await expect.poll(() => stateOf(of.running), { timeout: 30_000 }).toBe("RUNNING");
    const retried = { projectId, filter: { states: ["FAILED"], kinds: ["tune"] } };
    of.bulkJob = (await site.api.change<{ id: string }>("retryTasks", { ...retried, reason: "mended" })).id;
    await expect.poll(() => stateOf(of.workflow), { timeout: 30_000 }).toBe("FAILED");
  }, BROWSER_SET_UP_MS);
  afterAll(async () => {
    await worker?.stop();
    await site?.stop();
  });

  async function stateOf(id: string): Promise<string> {
    const { node } = await site.api.query<{ node: { task?: string; workflow?: string } }>(
      `query ($id: ID!) { node(id: $id) { ... on Task { task: state } ... on Workflow { workflow: state } } }`,
      { id },
    );
    return node.task ?? node.workflow ?? "none";
  }
  const at = (rest: string) => paths.inProject(rest, HALL);
  const region = (page: Page, name: string) => page.getByRole("main").getByRole("region", { name, exact: true });
  const list = (page: Page) => page.getByRole("table", { name: "Tasks" });
  const click = (page: Page, name: string) =>
    page.getByRole("main").getByRole("button", { name, exact: true }).first().click();
  const preset = (name: string, states: string, shows: string): Screen => ({
    name: `tasks ${name}`,
    plain: true,
    path: () => at(`tasks?state=${states}`),
    ready: (page) => expect(list(page)).toContainText(shows),
  });
  const task = (which: "running" | "failed" | "waiting" | "done", shows: (page: Page) => Promise<void>): Screen => ({
    name: `task ${which}`,
    path: () => at(`tasks/${of[which]}`),
    ready: shows,
  });
  const dialog = (name: string, path: () => string, button: string, called: string | RegExp): Screen => ({
    name,
    path,
    async ready(page) {
      await click(page, button);
      await expect(page.getByRole("dialog", { name: called })).toBeVisible();
    },
  });

  examineScreens(
    () => site,
    [
      { name: "tasks", path: () => at("tasks"), ready: (page) => expect(list(page)).toContainText("Toccata") },
      preset("running", "ASSIGNED,RUNNING,CANCELLING", "Fugue"),
      preset("waiting", "WAITING,QUEUED", "Aria"),
      preset("failed", "FAILED", "tune"),
      preset("done", "SUCCEEDED,CANCELLED,EXPIRED", "Toccata"),
      dialog("filter tasks", () => at("tasks"), "Filter…", "Filter tasks"),
      {
        name: "create task",
        path: () => at("tasks"),
        async ready(page) {
          await click(page, "Create task");
          const opened = page.getByRole("dialog", { name: "Create task" });
          await opened.getByLabel("Kind").fill("play");
          await expect(opened.getByLabel("Piece")).toBeVisible();
        },
      },
      {
        name: "tasks with a selection",
        path: () => at("tasks"),
        async ready(page) {
          await list(page).getByRole("row").filter({ hasText: "Toccata" }).getByRole("checkbox").check();
          await expect(region(page, "Selection")).toContainText("1 task selected");
        },
      },
      task("running", (page) => expect(region(page, "What was streamed")).toContainText("Allegro")),
      task("failed", (page) => expect(region(page, "What happened")).toContainText("The bellows leak")),
      task("waiting", (page) => expect(region(page, "Why it is not running")).toBeVisible()),
      task("done", (page) => expect(region(page, "Output")).toContainText("too loud")),
      dialog("cancel task", () => at(`tasks/${of.running}`), "Cancel", /^Cancel /),
      dialog("run a task again", () => at(`tasks/${of.failed}`), "Edit and run again", /^Run .* again$/),
      {
        name: "workflows",
        path: () => at("workflows"),
        ready: (page) => expect(page.getByRole("link", { name: "Concert" })).toBeVisible(),
      },
      {
        name: "workflow",
        path: () => at(`workflows/${of.workflow}`),
        ready: (page) => expect(page.getByRole("main")).toContainText("Overture"),
      },
      {
        name: "workflow as a list",
        path: () => at(`workflows/${of.workflow}?view=list`),
        ready: (page) => expect(page.getByRole("main")).toContainText("Overture"),
      },
      {
        name: "workflow with a step",
        path: () => at(`workflows/${of.workflow}?step=Tuning`),
        ready: (page) =>
          expect(page.getByRole("complementary", { name: "Step Tuning" })).toContainText("The bellows leak"),
      },
      {
        name: "schedules",
        path: () => at("schedules"),
        ready: (page) => expect(page.getByRole("link", { name: "every morning" })).toBeVisible(),
      },
      dialog("create schedule", () => at("schedules"), "Create schedule", "Create schedule"),
      {
        name: "schedule",
        path: () => at(`schedules/${of.schedule}`),
        ready: (page) => expect(title(page, "every morning")).toBeVisible(),
      },
      {
        name: "queues",
        path: () => at("queues"),
        ready: (page) => expect(page.getByRole("table")).toContainText("the hall is locked"),
      },
      {
        name: "queue",
        path: () => at("queues?queue=evenings"),
        ready: (page) => expect(page.getByRole("complementary", { name: "Queue evenings" })).toContainText("Resume"),
      },
      {
        name: "rate limits",
        path: () => at("queues?tab=limits"),
        ready: (page) => expect(page.getByRole("main")).toContainText("bellows"),
      },
      {
        name: "bulk jobs",
        path: () => at("bulk-jobs"),
        ready: (page) => expect(page.getByRole("table")).toBeVisible(),
      },
      {
        name: "bulk job",
        path: () => at(`bulk-jobs/${of.bulkJob}`),
        ready: (page) => expect(page.getByRole("navigation", { name: "Outcomes" })).toBeVisible(),
      },
      {
        name: "overview with trouble",
        path: () => at("overview"),
        ready: (page) => expect(page.getByRole("main")).toContainText(/failed/),
      },
    ],
  );
});

const PIECE = {
  type: "object",
  properties: { title: { type: "string", minLength: 3, title: "Piece" }, bars: { type: "integer", title: "Bars" } },
  required: ["title"],
};

/** Of which one step fails, and what comes after it is cancelled. */
const CONCERT = {
  name: "Concert",
  onFailure: "SKIP_DEPENDENTS",
  tasks: [
    { step: "Overture", task: { kind: "rehearse", input: { title: "Overture" } } },
    { step: "Tuning", task: { kind: "tune", input: {}, maxFailures: 1 } },
    { step: "Soloist", dependsOn: ["Overture"], task: { kind: "rehearse", input: { title: "Solo" } } },
    { step: "Tutti", dependsOn: ["Overture", "Tuning"], task: { kind: "rehearse", input: { title: "Tutti" } } },
    { step: "Encore", dependsOn: ["Tutti"], task: { kind: "rehearse", input: { title: "Encore" } } },
  ],
};
