import { defineAgent } from "@muster/agent/define-agent.ts";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject, type ProjectRow } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { type Performer, registerAgent, startPerformer } from "./site/performer.ts";
import { chooseAction, eventList, title } from "./site/screens.ts";
import { type Site, startSite } from "./site/start-site.ts";

const CAUSE = "The route leads nowhere: it has no harbour.";

/** On a machine where other tests run, too. */
const TEST_MS = 90_000;

describe("somebody who has never seen Muster", { timeout: TEST_MS }, () => {
  let site: Site;
  let sea: ProjectRow;
  /** Reads the route, too, and confirms what it is asked. */
  let pilot: Performer;
  let navigator: { readonly id: string; readonly key: string };
  const stopping = new AbortController();
  /** A process of the navigator: it cannot work without a harbour, and its task writes a route that has none. */
  const sail = () =>
    defineAgent({
      name: "navigator",
      capabilities: ["perform"],
      tasks: {
        perform: async (_task, { contexts }) => {
          const route = await contexts.open("route", { shared: true });
          await route.read();
          await route.write({ ship: "Aurora", waypoints: ["north"] }, { message: "shortened" });
        },
      },
      async onInitialize({ contexts }) {
        const route = await contexts.open("route", { shared: true });
        const { data } = await route.read();
        if (!(data as { harbour?: string }).harbour) throw new Error(CAUSE);
      },
    }).run({
      url: site.url,
      agentId: navigator.id,
      key: navigator.key,
      heartbeatMs: 1_000,
      logLevel: "error",
      signal: stopping.signal,
    });
  let voyage: Promise<void> = Promise.resolve();
  beforeAll(async () => {
    site = await startSite(["--no-demo"]);
    sea = await ensureProject(site.api, "demo/sea");
    const { id: route } = await site.api.change<{ id: string }>("openContext", { projectId: sea.id, name: "route" });
    const write = (data: object, message: string) =>
      site.api.change("writeContext", { contextId: route, data, message });
    await write({ ship: "Aurora", harbour: "Kiel", waypoints: [] }, "the harbour");
    await write({ ship: "Aurora", harbour: "Kiel", waypoints: ["north"] }, "the first waypoint");
    pilot = await startPerformer(site.api, sea, "pilot");
    await pilot.use("route");
    navigator = await registerAgent(site.api, sea, "navigator");
    voyage = sail();
    const { id: task } = await site.api.change<{ id: string }>("createTask", {
      projectId: sea.id,
      agentId: navigator.id,
      kind: "perform",
      input: {},
    });
    await expect.poll(() => stateOf(task), { timeout: 30_000 }).toBe("SUCCEEDED");
    // The process is started anew, and finds what it has written.
    await site.api.change("transitionAgent", { agentId: navigator.id, action: "RESTART", reason: "a nightly restart" });
    await voyage;
    await expect(sail()).rejects.toThrow(CAUSE);
    await expect.poll(() => stateOf(navigator.id)).toBe("ERROR");
  }, BROWSER_SET_UP_MS);
  afterAll(async () => {
    stopping.abort();
    await voyage.catch(() => {});
    await pilot?.stop();
    await site?.stop();
  });

  it("finds out why an agent is in error, what it did and knew before, and rolls that back", async () => {
    const page = await openPage(site.operator(), "/");
    await expect(title(page, "Overview")).toBeVisible();
    const attention = page.getByRole("region", { name: "Needs attention" }).getByRole("listitem");
    await expect(attention.filter({ hasText: "navigator has failed" })).toContainText(CAUSE);
    await page.getByRole("link", { name: "Open navigator" }).click();
    await expect(title(page, "navigator")).toBeVisible();
    await expect(trouble(page)).toContainText(CAUSE);

    // What it did before.
    await trouble(page).getByRole("link", { name: "What happened before" }).click();
    const event = page.getByRole("region", { name: "Event" });
    await expect(event).toContainText(CAUSE);
    await expect(eventList(page)).toContainText("a nightly restart");
    await expect(eventList(page)).toContainText(/route\s*2 → 3.*shortened/);
    await event.getByRole("button", { name: "Previous event" }).click();
    await expect(event).not.toContainText(CAUSE);
    await event.getByRole("button", { name: "Close" }).click();

    // What it knew, and what was wrong with it.
    await expect(trouble(page)).toContainText(/route was at version 3, written .* before by navigator \(“shortened”\)/);
    await trouble(page).getByRole("link", { name: "Compare 2 → 3" }).click();
    await expect(title(page, "route")).toBeVisible();
    const changes = page.getByRole("region", { name: "Changes" });
    await expect(changes).toContainText("2 → 3");
    await expect(changes).toContainText('"harbour"');

    // And back.
    await changes.getByRole("button", { name: "Roll back to 2" }).click();
    const dialog = page.getByRole("dialog", { name: "Roll back to 2" });
    await dialog.getByRole("textbox", { name: "Reason" }).fill("a route needs a harbour");
    await dialog.getByRole("button", { name: "Roll back", exact: true }).click();
    await expect(dialog).toBeHidden();
    const rolledBack = page.getByRole("region", { name: /^Roll(ing|ed) back to 2/ });
    await expect(rolledBack).toContainText(/pilot .*confirm/);
    pilot.confirm();
    await expect(rolledBack).toContainText("pilot confirmed");
    await expect(rolledBack).toContainText("Succeeded");

    // The agent works again, and nothing is left to be done.
    await page.getByRole("main").getByRole("link", { name: "navigator", exact: true }).first().click();
    await expect(trouble(page)).toContainText("is at 4 now");
    const start = await chooseAction(page, "Start");
    await start.getByRole("textbox", { name: "Reason" }).fill("the route has a harbour again");
    await start.getByRole("button", { name: "Start", exact: true }).click();
    await expect(start).toBeHidden();
    voyage = sail();
    await expect(page.getByRole("main").getByRole("region", { name: "State" })).toContainText(/Online|Idle/);
    await expect(trouble(page)).toBeHidden();
    await page.getByRole("navigation", { name: "Project" }).getByRole("link", { name: "Overview" }).click();
    await expect(title(page, "Overview")).toBeVisible();
    await expect(page.getByRole("main")).toContainText("All is well");
  });

  const trouble = (page: Page) => page.getByRole("region", { name: "Trouble" });
  async function stateOf(id: string): Promise<string | undefined> {
    const { node } = await site.api.query<{ node: { agentState?: string; taskState?: string } }>(
      `query ($id: ID!) { node(id: $id) { ... on Agent { agentState: state } ... on Task { taskState: state } } }`,
      { id },
    );
    return node.agentState ?? node.taskState;
  }
});
