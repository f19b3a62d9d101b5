/**
 * `npm run screenshots`: takes the pictures that README.md shows, of a Muster of its own whose fleet has worked for about
 * a minute, and says where it put them.
 */
import { mkdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright";
import { expect } from "./site/expect.ts";
import { deliveryRows, eventList, fleetRow, indicator, paths } from "./site/screens.ts";
import { startReceiver } from "./site/receiver.ts";
import { type Site, startSite } from "./site/start-site.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "docs", "screenshots");
const WORK_MS = 60_000;
/** The demo brings new tasks within this time. */
const FEED_MS = 20_000;
const WEBHOOK = "pager";

interface Subjects {
  readonly agent: string;
  readonly context: string;
  readonly version: number;
  readonly webhook: string;
}

interface Picture {
  readonly name: string;
  readonly colorScheme: "light" | "dark";
  readonly path: (subjects: Subjects) => string;
  /** Waits until what the picture is about can be seen. */
  readonly ready: (page: Page, subjects: Subjects) => Promise<unknown>;
}

const PICTURES: readonly Picture[] = [
  {
    name: "fleet-light",
    colorScheme: "light",
    path: () => paths.fleet(),
    ready: (page) => expect(fleetRow(page, "builder")).toContainText("Busy", { timeout: FEED_MS }),
  },
  {
    name: "agent-dark",
    colorScheme: "dark",
    path: ({ agent }) => paths.agent(agent),
    ready: (page) => expect(eventList(page).getByRole("link").first()).toBeVisible(),
  },
  {
    name: "roll-back-light",
    colorScheme: "light",
    path: ({ context, version }) => `${paths.context(context)}?version=${version}`,
    async ready(page, { version }) {
      await page
        .getByRole("button", { name: `Roll back to ${version}` })
        .first()
        .click();
      const dialog = page.getByRole("dialog");
      await expect(dialog.getByRole("region", { name: "Changes" })).toBeVisible();
      await dialog.getByRole("textbox", { name: "Reason" }).fill("The last findings came from a broken build.");
    },
  },
  {
    name: "webhook-dark",
    colorScheme: "dark",
    path: ({ webhook }) => paths.webhook(webhook),
    async ready(page) {
      await expect(deliveryRows(page, "agent.transitioned").first()).toBeVisible();
      receiver.answer(WEBHOOK, 503);
      await expect(page.getByRole("main")).toContainText(/attempts? failed/, { timeout: FEED_MS });
    },
  },
];

async function createWebhook({ api }: Site): Promise<string> {
  const { project } = await api.query<{ project: { id: string } }>(`{ project(path: "demo/app") { id } }`);
  const filter = { types: ["agent.transitioned", "task.transitioned"], states: ["IDLE", "SUCCEEDED", "FAILED"] };
  const input = { projectId: project.id, name: WEBHOOK, url: receiver.urlOf(WEBHOOK), filter };
  return (await api.change<{ id: string }>("createWebhook", input)).id;
}

async function findSubjects({ api }: Site, webhook: string): Promise<Subjects> {
  const { project } = await api.query<Demo>(`{ project(path: "demo/app") {
    agents(filter: { search: "tester" }) { edges { node { id } } }
    contexts(filter: { search: "repository-knowledge" }) { edges { node { id currentVersion } } } } }`);
  const [agent, context] = [project.agents.edges[0]?.node, project.contexts.edges[0]?.node];
  if (!agent || !context) throw new Error("The demo's agents have not worked: see the server's log.");
  return { agent: agent.id, context: context.id, version: Math.max(1, context.currentVersion - 3), webhook };
}

async function take(site: Site, { name, colorScheme, path, ready }: Picture, subjects: Subjects): Promise<string> {
  const profile = await site.operator({ colorScheme });
  const page = await profile.newPage();
  await page.goto(path(subjects));
  await expect(indicator(page)).toHaveText("Live");
  await ready(page, subjects);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const file = join(folder, `${name}.png`);
  await page.screenshot({ path: file, animations: "disabled", caret: "hide" });
  await profile.close();
  return file;
}

mkdirSync(folder, { recursive: true });
const receiver = await startReceiver();
process.env["MUSTER_WEBHOOK_ALLOWED_NETWORKS"] = "127.0.0.0/8";
const site = await startSite();
try {
  process.stdout.write(`Muster runs; its fleet works for ${WORK_MS / 1000} s before the pictures are taken.\n`);
  const webhook = await createWebhook(site);
  await sleep(WORK_MS);
  const subjects = await findSubjects(site, webhook);
  for (const picture of PICTURES) {
    const file = await take(site, picture, subjects);
    process.stdout.write(`${relative(root, file)}  ${Math.round(statSync(file).size / 1024)} KiB\n`);
  }
} finally {
  await site.stop();
  receiver.close();
}

interface Demo {
  readonly project: {
    agents: { edges: { node: { id: string } }[] };
    contexts: { edges: { node: { id: string; currentVersion: number } }[] };
  };
}
