import type { Page } from "playwright";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { accessibilityViolations, type Examination } from "./site/accessibility.ts";
import { expect } from "./site/expect.ts";
import { openPage, takePicture } from "./site/open-page.ts";
import { chooseAction, deliveryRows, eventList, fleetRow, indicator, paths, title } from "./site/screens.ts";
import { type Site, startSite } from "./site/start-site.ts";

interface Screen {
  readonly name: string;
  readonly path: () => string;
  readonly withoutSession?: boolean;
  /** Waits until it is whole; opens what is to be looked at. */
  readonly ready: (page: Page) => Promise<unknown>;
  /** Selectors of what other projects make. */
  readonly foreign?: readonly string[];
}

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
const EXPLORER = ".graphiql-container";

describe("every page", () => {
  let site: Site;
  let agent: string;
  let event: string;
  let context: string;
  let webhook: string;
  beforeAll(async () => {
    site = await startSite();
    const read = () =>
      site.api.query<Demo>(`{ project(path: "demo/app") { id
        agents(filter: { search: "builder" }) { edges { node { id timeline(first: 5) { edges { node { id } } } } } }
        contexts(filter: { search: "repository-knowledge" }) { edges { node { id currentVersion } } } } }`);
    await expect
      .poll(async () => (await read()).project.contexts.edges[0]?.node.currentVersion ?? 0, { timeout: 60_000 })
      .toBeGreaterThan(2);
    const { project } = await read();
    const builder = project.agents.edges[0]?.node;
    agent = builder?.id ?? "";
    event = builder?.timeline.edges[0]?.node.id ?? "";
    context = project.contexts.edges[0]?.node.id ?? "";
    // A name that nobody has, so its log shows what fails.
    const input = { name: "pager", url: "https://hooks.example/muster", filter: { types: ["agent.transitioned"] } };
    webhook = (await site.api.change<{ id: string }>("createWebhook", { projectId: project.id, ...input })).id;
  }, BROWSER_SET_UP_MS);
  afterAll(() => site?.stop());

  const screens: Screen[] = [
    {
      name: "sign-in",
      path: () => "/sign-in",
      withoutSession: true,
      ready: (page) => expect(page.getByLabel("API key")).toBeVisible(),
    },
    {
      name: "fleet",
      path: () => paths.fleet(),
      ready: (page) => expect(fleetRow(page, "reviewer")).toBeVisible(),
    },
    {
      name: "agent",
      path: () => paths.agent(agent),
      ready: (page) => expect(eventList(page).getByRole("link").first()).toBeVisible(),
    },
    {
      name: "action",
      path: () => paths.agent(agent),
      ready: (page) => chooseAction(page, "Suspend"),
    },
    {
      name: "event",
      path: () => `${paths.agent(agent)}?event=${event}`,
      ready: (page) => expect(page.getByRole("region", { name: "Event" })).toBeVisible(),
    },
    {
      name: "contexts",
      path: () => paths.contexts(),
      ready: (page) => expect(page.getByRole("link", { name: "repository-knowledge" })).toBeVisible(),
    },
    {
      name: "context",
      path: () => paths.context(context),
      ready: (page) => expect(page.getByRole("list", { name: "Versions" })).toBeVisible(),
    },
    {
      name: "comparison",
      path: () => `${paths.context(context)}?compare=1..2`,
      ready: (page) => expect(page.getByRole("region", { name: "Changes" })).toBeVisible(),
    },
    {
      name: "roll back",
      path: () => `${paths.context(context)}?version=1`,
      async ready(page) {
        await page.getByRole("button", { name: "Roll back to 1" }).first().click();
        await expect(page.getByRole("dialog").getByRole("region", { name: "Changes" })).toBeVisible();
      },
    },
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
        await expect(page.getByRole("dialog")).toContainText('"type": "agent.transitioned"');
      },
    },
    {
      name: "explorer",
      path: () => paths.explorer(),
      ready: (page) => expect(page.locator(EXPLORER)).toBeVisible({ timeout: 30_000 }),
      foreign: [EXPLORER],
    },
  ];

  it.each(screens)(
    "is accessible and free of errors: $name",
    async ({ name, path, withoutSession, ready, foreign }) => {
      const page = await openPage((withoutSession ? site.visitor : site.operator)({ colorScheme: "light" }), path());
      if (!withoutSession) await expect(indicator(page)).toHaveText("Live");
      await ready(page);
      const violations: string[] = [];
      const look = async (colorScheme: "light" | "dark", width: "wide" | "narrow", of?: Examination["of"]) => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(width === "wide" ? WIDE : NARROW);
        await takePicture(page, "screenshots", `${name} ${colorScheme} ${width}`);
        if (!of) return;
        const found = await accessibilityViolations(page, { of, except: foreign ?? [] });
        violations.push(...found.map((violation) => `${colorScheme} ${width}: ${violation}`));
      };
      await look("light", "wide", "everything");
      await look("dark", "wide", "colours");
      await look("dark", "narrow");
      await look("light", "narrow", "structure");
      if (!withoutSession) await expect(page.locator("a:visible", { hasText: /^Muster$/ })).toHaveCount(1);
      expect(violations).toEqual([]);
      // What is wider than the window scrolls in its own frame, not with the whole page.
      const overhang = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overhang).toBeLessThanOrEqual(0);
    },
    90_000,
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

interface Demo {
  readonly project: {
    id: string;
    agents: { edges: { node: { id: string; timeline: { edges: { node: { id: string } }[] } } }[] };
    contexts: { edges: { node: { id: string; currentVersion: number } }[] };
  };
}
