import type { Locator, Page } from "playwright";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject, type ProjectRow } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { paths, problem, shownText, title } from "./site/screens.ts";
import { type Site, startSite } from "./site/start-site.ts";

const SCOUT = {
  slug: "scout",
  name: "Scout",
  type: "scout",
  capabilities: ["look"],
  configSchema: {
    type: "object",
    properties: {
      // Whether it is one is only known to the API.
      host: { type: "string", format: "hostname" },
      depth: { type: "integer", minimum: 1, maximum: 10, default: 3 },
    },
    required: ["host"],
    additionalProperties: false,
  },
} as const;

/** On a machine where other tests run, too. */
const TEST_MS = 90_000;

describe("settings and definitions", { timeout: TEST_MS }, () => {
  let site: Site;
  let stage: ProjectRow;
  let workspaceId: string;
  beforeAll(async () => {
    site = await startSite(["--no-demo"]);
    stage = await ensureProject(site.api, "demo/stage");
    const { workspace } = await site.api.query<{ workspace: { id: string } }>(`{ workspace(slug: "demo") { id } }`);
    workspaceId = workspace.id;
    await site.api.change("registerDefinition", { ...SCOUT, workspaceId });
  }, BROWSER_SET_UP_MS);
  afterAll(() => site?.stop());

  const settings = (section = "") => `/projects/${stage.path}/settings${section && `/${section}`}`;
  const definition = (slug: string) => `/projects/${stage.path}/definitions/${slug}`;
  const open = async (path: string) => {
    const page = await openPage(site.operator(), path);
    await expect(title(page, /./)).toBeVisible();
    return page;
  };
  const box = (within: Page | Locator, name: string) => within.getByRole("textbox", { name, exact: true });

  it("gives the project another name, which others see at once, and takes it back", async () => {
    const page = await open(settings());
    const other = await open(settings());
    await expect(box(page, "Name")).toHaveValue("stage");
    await box(page, "Name").fill("Great hall");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(box(other, "Name")).toHaveValue("Great hall");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(box(page, "Name")).toHaveValue("stage");
    await expect(box(other, "Name")).toHaveValue("stage");
  });

  it("shows what somebody else has set meanwhile before a limit is saved over it", async () => {
    const page = await open(settings("limits"));
    const most = box(page, "Tasks held at once");
    await most.fill("twelve");
    await expect(page.getByRole("main")).toContainText("Must be a whole number from 1 to 10,000,000, or empty.");
    await most.fill("12");
    const { workspace } = await site.api.query<{ workspace: { version: number } }>(
      `{ workspace(slug: "demo") { version } }`,
    );
    await site.api.change("updateWorkspace", {
      workspaceId,
      maxRunningTasks: 7,
      expectedVersion: workspace.version,
    });
    await page.getByRole("button", { name: "Save limits" }).click();
    await expect(problem(page)).toBeVisible();
    await expect(page.getByRole("main")).toContainText("Somebody else has set it to 7.");
    await expect(most).toHaveValue("12");
    await page.getByRole("button", { name: "Keep mine" }).click();
    await page.getByRole("button", { name: "Save limits" }).click();
    await expect(page.getByText("The limits are saved")).toBeVisible();
    await page.reload();
    await expect(most).toHaveValue("12");
  });

  it("keeps less only after the workspace's name was typed", async () => {
    const page = await open(settings("limits"));
    await box(page, "Days that events are kept").fill("30");
    await page.getByRole("button", { name: "Save limits" }).click();
    const dialog = page.getByRole("dialog", { name: "Keep less" });
    await expect(dialog.getByRole("list", { name: "What will be removed" })).toContainText("Events older than 30 days");
    const confirm = dialog.getByRole("button", { name: "Keep less" });
    await expect(confirm).toBeDisabled();
    await box(dialog, "Type demo to confirm").fill("demo");
    await confirm.click();
    await expect(page.getByText("The limits are saved")).toBeVisible();
  });

  it("registers an agent by a form: what is wrong is said at its field, and the key is shown once", async () => {
    const page = await open(definition("scout"));
    await page.getByRole("button", { name: "Register agent" }).click();
    const dialog = page.getByRole("dialog", { name: "Register agent" });
    const submit = dialog.getByRole("button", { name: "Register agent" });
    await box(dialog, "Name").fill("pathfinder");
    await box(dialog, "depth").fill("99");
    await submit.click();
    await expect(dialog).toContainText("Must be at most 10.");
    await expect(dialog).toContainText("Is required.");
    await expect(box(dialog, "host")).toBeFocused();
    // What the form cannot know, the API says, at the same place.
    await box(dialog, "host").fill("not a host");
    await box(dialog, "depth").fill("4");
    await submit.click();
    await expect(problem(dialog)).toBeVisible();
    await expect(box(dialog, "host")).toHaveAttribute("aria-invalid", "true");
    await expect(box(dialog, "depth")).not.toHaveAttribute("aria-invalid", "true");
    await box(dialog, "host").fill("north.example");
    await submit.click();

    const registered = page.getByRole("dialog", { name: "pathfinder is registered" });
    const key = await shownText(registered.getByRole("status", { name: "Key" }));
    expect(key).toMatch(/^mst_/);
    await page.keyboard.press("Escape");
    await expect(registered).toBeVisible();
    await registered.getByRole("button", { name: "I have stored it" }).click();
    await expect(registered).toBeHidden();
    expect(await page.content()).not.toContain(key);
    const answer = await fetch(`${site.url}/graphql`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ query: "{ viewer { actor { name } } }" }),
    });
    expect(await answer.json()).toMatchObject({ data: { viewer: { actor: { name: "pathfinder" } } } });
  });

  it("compares a new version of a definition with the one before, and moves an agent to it", async () => {
    const page = await open(`${definition("scout")}?tab=versions`);
    const rows = page.getByRole("table", { name: "Versions" }).getByRole("row");
    await expect(rows).toHaveCount(2);
    await site.api.change("registerAgent", {
      projectId: stage.id,
      definitionSlug: "scout",
      name: "tracker",
      config: { host: "south.example" },
    });
    const { required: _, ...rest } = SCOUT.configSchema;
    const configSchema = { ...rest, required: ["host", "depth"] };
    await site.api.change("registerDefinition", {
      ...SCOUT,
      workspaceId,
      capabilities: ["look", "listen"],
      configSchema,
    });
    await page.reload();
    await page.getByRole("link", { name: "Compare version 2 with 1" }).click();
    await page.waitForURL(/compare=1\.\.2$/);
    const comparison = page.getByRole("region", { name: "Version 1 and version 2" });
    await expect(comparison).toContainText('"listen"');

    await page.getByRole("link", { name: /^Agents/ }).click();
    const row = page
      .getByRole("table", { name: "Agents" })
      .getByRole("row")
      .filter({ has: page.getByRole("link", { name: "tracker", exact: true }) });
    await expect(row).toContainText("1 behind");
    await row.getByRole("button", { name: "Update to version 2: tracker" }).click();
    const dialog = page.getByRole("dialog", { name: "Update tracker to version 2" });
    await expect(dialog.getByRole("region", { name: "Changes" })).toContainText('"listen"');
    await dialog.getByRole("button", { name: "Update", exact: true }).click();
    // Its config lacks what the new version wants: the way to it is offered.
    await expect(problem(dialog)).toContainText(/depth/);
    await expect(dialog.getByRole("link", { name: "Change its config" })).toBeVisible();
    const { project } = await site.api.query<{ project: { agents: { edges: { node: { id: string } }[] } } }>(
      `query ($path: String!) { project(path: $path) { agents(filter: { search: "tracker" }) { edges { node { id } } } } }`,
      { path: stage.path },
    );
    const agentId = project.agents.edges[0]?.node.id;
    await site.api.change("updateAgent", { agentId, config: { host: "south.example", depth: 2 } });
    await dialog.getByRole("button", { name: "Update", exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(row).not.toContainText("behind");
    const { node } = await site.api.query<{ node: { definitionVersion: number; capabilities: string[] } }>(
      `query ($id: ID!) { node(id: $id) { ... on Agent { definitionVersion capabilities } } }`,
      { id: agentId },
    );
    expect(node.definitionVersion).toBe(2);
    expect(node.capabilities).toContain("listen");
  });

  it("creates a project, and leads to it", async () => {
    const page = await open(settings("workspaces"));
    await page
      .getByRole("button", { name: /^Create project/ })
      .first()
      .click();
    const dialog = page.getByRole("dialog", { name: "Create project" });
    await box(dialog, "Name").fill("Second stage");
    await expect(box(dialog, "Slug")).toHaveValue("second-stage");
    await dialog.getByRole("button", { name: "Create project" }).click();
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await page.waitForURL(new RegExp(`${paths.fleet("demo/second-stage")}$`));
    await expect(title(page, "Fleet")).toBeVisible();
  });
});
