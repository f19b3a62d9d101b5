import { afterAll, beforeAll, describe } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject } from "./site/api.ts";
import { restDemo } from "./site/demo.ts";
import { examineScreens, type Screen } from "./site/examine-screens.ts";
import { expect } from "./site/expect.ts";
import { registerAgent } from "./site/performer.ts";
import { chooseAction, eventList, fleetRow, paths } from "./site/screens.ts";
import { type Site, startSite } from "./site/start-site.ts";

/** A fleet of which some is in each state that a person can bring an agent to. */
const BAND = "demo/band";
const PLAYERS = ["violin", "viola", "cello", "flute", "oboe"];

describe("every page of the fleet", () => {
  let site: Site;
  let agent: string;
  let event: string;
  const players: string[] = [];
  /** When there was the whole band, and before one of it was suspended. */
  let before: string;
  beforeAll(async () => {
    site = await startSite();
    const band = await ensureProject(site.api, BAND);
    for (const name of PLAYERS) players.push((await registerAgent(site.api, band, name)).id);
    before = await now();
    const move = (agentId: string | undefined, action: string, reason: string) =>
      site.api.change("transitionAgent", { agentId, action, reason });
    await move(players[0], "SUSPEND", "a broken string");
    await move(players[1], "SUSPEND", "a worn bow");
    await move(players[1], "MAINTAIN", "new hair for the bow");
    const read = () =>
      site.api.query<Demo>(`{ project(path: "demo/app") {
        agents(filter: { search: "builder" }) { edges { node { id configVersion timeline(first: 5) { edges { node { id } } } } } } } }`);
    const builder = (await read()).project.agents.edges[0]?.node;
    agent = builder?.id ?? "";
    event = builder?.timeline.edges[0]?.node.id ?? "";
    const config = { repository: "/srv/repository" };
    // For another bundle of the first player, which has no process.
    await site.api.change("updateAgent", { agentId: players[0], config, expectedConfigVersion: 1 });
    await restDemo(site.api);
  }, BROWSER_SET_UP_MS);
  afterAll(() => site?.stop());

  /** The API's time, as of its last event. */
  const now = async () => {
    const { project } = await site.api.query<{ project: { events: { edges: { node: { at: string } }[] } } }>(
      `query ($path: String!) { project(path: $path) { events(last: 1) { edges { node { at } } } } }`,
      { path: BAND },
    );
    return project.events.edges[0]?.node.at ?? "";
  };
  const tab = (name: string): Screen => ({
    name: `agent ${name}`,
    path: () => `${paths.agent(agent)}?tab=${name.toLowerCase()}`,
    async ready(page) {
      const part = page.getByRole("main").getByRole("region", { name, exact: true }).first();
      await expect(part).toBeVisible();
      await expect(part.getByRole("status", { name: /^Loading/ })).toHaveCount(0);
    },
  });

  examineScreens(
    () => site,
    [
      {
        name: "fleet",
        path: () => paths.fleet(),
        ready: (page) => expect(fleetRow(page, "reviewer")).toBeVisible(),
      },
      {
        name: "fleet of many states",
        path: () => paths.fleet(BAND),
        ready: (page) => expect(fleetRow(page, "viola")).toContainText("Maintenance"),
      },
      {
        name: "fleet as a grid",
        path: () => paths.fleet(BAND, { look: "grid" }),
        ready: (page) => expect(page.getByRole("main").getByRole("link", { name: /^cello/ })).toBeVisible(),
      },
      {
        name: "fleet with nothing that matches",
        path: () => paths.fleet(BAND, { search: "trombone" }),
        ready: (page) => expect(page.getByRole("main")).toContainText("No agent matches now"),
        plain: true,
      },
      {
        name: "fleet with a selection",
        path: () => paths.fleet(BAND),
        async ready(page) {
          await fleetRow(page, "cello").getByRole("checkbox").check();
          await fleetRow(page, "flute").getByRole("checkbox").check();
          await expect(page.getByRole("region", { name: "Selection" })).toContainText("2 agents selected");
        },
      },
      {
        name: "bulk action",
        path: () => paths.fleet(BAND),
        async ready(page) {
          await fleetRow(page, "cello").getByRole("checkbox").check();
          await fleetRow(page, "violin").getByRole("checkbox").check();
          const selection = page.getByRole("region", { name: "Selection" });
          await selection.getByRole("button", { name: "Suspend" }).click();
          const dialog = page.getByRole("dialog", { name: /^Suspend / });
          await expect(dialog.getByRole("textbox", { name: "Reason" })).toBeVisible();
        },
      },
      {
        name: "fleet then",
        path: () => paths.fleet(BAND, { at: before }),
        async ready(page) {
          const row = page.getByRole("table", { name: "Agents then" }).getByRole("row").filter({ hasText: "violin" });
          await expect(row).toContainText("Registered");
        },
      },
      {
        name: "fleet then as a grid",
        path: () => paths.fleet(BAND, { at: before, look: "grid" }),
        ready: (page) => expect(page.getByRole("main").getByRole("link", { name: /^cello/ })).toBeVisible(),
      },
      {
        name: "fleet between two moments",
        path: () => paths.fleet(BAND, { at: before, to: new Date().toISOString() }),
        ready: (page) => expect(page.getByRole("main")).toContainText("a broken string"),
      },
      {
        name: "agent",
        path: () => paths.agent(agent),
        ready: (page) => expect(eventList(page).getByRole("link").first()).toBeVisible(),
      },
      {
        name: "agent with all of each event",
        path: () => `${paths.agent(agent)}?look=json`,
        ready: (page) => expect(eventList(page).getByRole("listitem").first()).toContainText("{"),
      },
      tab("Tasks"),
      tab("Contexts"),
      tab("Config"),
      {
        name: "agent config edited",
        path: () => `${paths.agent(agent)}?tab=config`,
        async ready(page) {
          await page.getByRole("main").getByRole("button", { name: "Edit", exact: true }).click();
          await expect(page.getByRole("main")).toContainText("repository");
          await expect(page.getByRole("textbox", { name: "Name", exact: true })).toBeVisible();
        },
      },
      {
        name: "agent versions compared",
        path: () => `${paths.agent(players[0] ?? "", BAND)}?tab=versions&compare=1..2`,
        ready: (page) => expect(page.getByRole("region", { name: "Comparison" })).toContainText("/srv/repository"),
      },
      {
        name: "agent rolled back",
        path: () => `${paths.agent(players[0] ?? "", BAND)}?tab=versions&compare=1..2`,
        async ready(page) {
          await page.getByRole("button", { name: "Roll back to 1" }).first().click();
          const dialog = page.getByRole("dialog", { name: "Roll back to 1" });
          await expect(dialog.getByRole("region", { name: "Changes" })).toBeVisible();
        },
      },
      tab("Health"),
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
        name: "activity",
        path: () => paths.inProject("activity"),
        ready: (page) => expect(eventList(page).getByRole("link").first()).toBeVisible(),
      },
      {
        name: "activity with an event",
        path: () => paths.inProject(`activity?event=${event}`),
        ready: (page) => expect(page.getByRole("region", { name: "Event" })).toBeVisible(),
      },
    ],
  );
});

interface Demo {
  readonly project: {
    agents: { edges: { node: { id: string; timeline: { edges: { node: { id: string } }[] } } }[] };
  };
}
