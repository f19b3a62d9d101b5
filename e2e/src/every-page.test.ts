import type { Page } from "playwright";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject } from "./site/api.ts";
import { restDemo } from "./site/demo.ts";
import { examineScreens, type Screen } from "./site/examine-screens.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { deliveryRows, openDialog, paths, title } from "./site/screens.ts";
import { type Site, startSite } from "./site/start-site.ts";

const EXPLORER = ".graphiql-container";
const EMPTY = "demo/empty";

describe("every page of the project itself", () => {
  let site: Site;
  let webhook: string;
  beforeAll(async () => {
    site = await startSite();
    await ensureProject(site.api, EMPTY);
    const { project } = await site.api.query<Demo>(`{ project(path: "demo/app") { id workspace { id } } }`);
    // A name that nobody has, so its log shows what fails.
    const input = { name: "pager", url: "https://hooks.example/muster", filter: { types: ["agent.transitioned"] } };
    webhook = (await site.api.change<{ id: string }>("createWebhook", { projectId: project.id, ...input })).id;
    await restDemo(site.api);
    for (const capabilities of [["sing"], ["sing", "dance"]]) {
      const definition = { slug: "singer", name: "Singer", type: "singer", capabilities, configSchema: SCHEMA };
      await site.api.change("registerDefinition", { workspaceId: project.workspace.id, ...definition });
    }
  }, BROWSER_SET_UP_MS);
  afterAll(() => site?.stop());

  const inDialog = async (page: Page, button: string, name: string | RegExp) => {
    await page.getByRole("main").getByRole("button", { name: button, exact: true }).first().click();
    await expect(page.getByRole("dialog", { name })).toBeVisible();
  };
  const settings = (section: string, shown: string): Screen => ({
    name: `settings ${section}`,
    path: () => paths.inProject(`settings/${section}`),
    ready: (page) => expect(page.getByRole("main").getByRole("heading", { name: shown })).toBeVisible(),
  });
  const missing = (what: string, rest: string): Screen => ({
    name: `no ${what}`,
    path: () => paths.inProject(rest),
    ready: (page) => expect(page.getByRole("main")).toContainText(/There is no /),
    plain: true,
  });
  const empty = (rest: string, says: string | RegExp): Screen => ({
    name: `empty ${rest}`,
    path: () => paths.inProject(rest, EMPTY),
    ready: (page) => expect(page.getByRole("main")).toContainText(says),
    plain: true,
  });

  examineScreens(
    () => site,
    [
      {
        name: "sign-in",
        path: () => "/sign-in",
        withoutSession: true,
        ready: (page) => expect(page.getByRole("textbox", { name: "Password" })).toBeVisible(),
      },
      {
        name: "overview",
        path: () => paths.inProject("overview"),
        async ready(page) {
          await expect(page.getByRole("heading", { name: "Work" })).toBeVisible();
          await expect(page.getByRole("status", { name: /^Loading/ })).toHaveCount(0);
        },
      },
      {
        name: "palette",
        path: () => paths.inProject("overview"),
        async ready(page) {
          await page.keyboard.press("Control+k");
          await page.getByRole("combobox", { name: "A name, an id or a command" }).fill("re");
          await expect(page.getByRole("option", { name: /^reviewer/ })).toBeVisible();
        },
      },
      {
        name: "keys",
        path: () => paths.inProject("overview"),
        async ready(page) {
          await page.keyboard.press("?");
          await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
        },
      },
      {
        name: "definitions",
        path: () => paths.inProject("definitions"),
        ready: (page) => expect(page.getByRole("link", { name: "Singer" })).toBeVisible(),
      },
      {
        name: "definition",
        path: () => paths.inProject("definitions/tester"),
        ready: (page) => expect(page.getByRole("main")).toContainText("timeoutMs"),
      },
      {
        name: "definition agents",
        path: () => paths.inProject("definitions/tester?tab=agents"),
        ready: (page) => expect(page.getByRole("main").getByRole("link", { name: "tester" })).toBeVisible(),
      },
      {
        name: "definition versions",
        path: () => paths.inProject("definitions/singer?tab=versions&compare=1..2"),
        ready: (page) => expect(page.getByRole("main")).toContainText('"dance"'),
      },
      {
        name: "register agent",
        path: () => paths.inProject("definitions/singer"),
        ready: (page) => inDialog(page, "Register agent", "Register agent"),
      },
      {
        name: "settings general",
        path: () => paths.inProject("settings"),
        ready: (page) => expect(page.getByRole("textbox", { name: "Name" })).toBeVisible(),
      },
      settings("workspaces", "demo"),
      settings("limits", "Limits"),
      settings("browser", "Theme"),
      {
        name: "webhooks",
        path: () => paths.webhooks(),
        ready: (page) => expect(page.getByRole("link", { name: "pager" })).toBeVisible(),
      },
      {
        name: "create webhook",
        path: () => paths.webhooks(),
        async ready(page) {
          await page.getByRole("button", { name: "Create webhook" }).click();
          await page.getByRole("button", { name: /^More conditions/ }).click();
          const types = page.getByRole("combobox", { name: "Types" });
          await types.fill("agent.tr");
          await types.press("Enter");
          await expect(page.getByRole("button", { name: "Remove agent.transitioned" })).toBeVisible();
          await types.press("Escape");
        },
      },
      {
        name: "webhook",
        path: () => paths.webhook(webhook),
        ready: (page) => expect(deliveryRows(page, "agent.transitioned").first()).toBeVisible({ timeout: 30_000 }),
      },
      {
        name: "delivery",
        path: () => paths.webhook(webhook),
        async ready(page) {
          await deliveryRows(page, "agent.transitioned").first().getByRole("link").click({ timeout: 30_000 });
          await expect(openDialog(page)).toContainText('"type": "agent.transitioned"');
        },
      },
      {
        name: "explorer",
        path: () => paths.explorer(),
        ready: (page) => expect(page.locator(EXPLORER)).toBeVisible({ timeout: 30_000 }),
        foreign: [EXPLORER],
      },
      missing("agent", "agents/agent_01jd8x4v7te9t8r1p0c6m9qk2a"),
      missing("task", "tasks/task_01jd8x4v7te9t8r1p0c6m9qk2a"),
      missing("context", "contexts/ctx_01jd8x4v7te9t8r1p0c6m9qk2a"),
      missing("definition", "definitions/conductor"),
      missing("setting", "settings/curtains"),
      {
        name: "no project",
        path: () => paths.inProject("fleet", "demo/missing"),
        ready: async (page) => {
          await expect(page.getByRole("main")).toContainText("There is no project demo/missing");
          await expect(page.getByText("Connecting")).toBeHidden();
        },
        plain: true,
        still: true,
      },
      {
        name: "no page",
        path: () => "/curtains",
        withoutSession: true,
        ready: (page) => expect(page.getByRole("main")).toContainText("There is no page here"),
        plain: true,
        problems: [/status of 404/],
      },
      empty("overview", "All is well"),
      empty("fleet", "No agent is registered here yet"),
      empty("tasks", "There is no task yet"),
      empty("workflows", "There is no workflow yet"),
      empty("schedules", "There is no schedule yet"),
      empty("queues", "There is no queue yet"),
      empty("queues?tab=limits", "There is no rate limit yet"),
      empty("bulk-jobs", "Nothing was done to many at once yet"),
      empty("contexts", /There is no context yet/),
      empty("webhooks", /There is no webhook yet/),
    ],
  );

  it("with the explorer is signed in, and its first query answers", async () => {
    const page = await openPage(site.operator(), paths.explorer());
    await expect(title(page, "Explorer")).toBeAttached();
    // GraphiQL's button is there before its editor, and does nothing until then.
    await expect(page.locator(".view-line", { hasText: "lastHeartbeatAt" })).toBeVisible({ timeout: 20_000 });
    await page.getByRole("button", { name: /execute query/i }).click();
    await expect(page.locator(".result-window")).toContainText("builder", { timeout: 30_000 });
  }, 60_000);
});

const SCHEMA = {
  type: "object",
  properties: {
    voice: { enum: ["soprano", "alto", "tenor", "bass"], title: "Voice", description: "Where it sings" },
    volume: { type: "integer", minimum: 0, maximum: 11, default: 5, title: "Volume" },
    songs: { type: "array", items: { type: "string" }, title: "Songs" },
  },
  required: ["voice"],
  additionalProperties: false,
};

interface Demo {
  readonly project: { readonly id: string; readonly workspace: { readonly id: string } };
}
