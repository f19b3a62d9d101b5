/**
 * `npm run screenshots`: takes the pictures that README.md and docs show, of a Muster of its own whose fleet has worked for
 * some minutes, and says where it put them. Arguments are the names of pictures: then only these.
 */
import { mkdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright";
import { expect } from "./site/expect.ts";
import { playRelease, type ReleaseScene } from "./release-scene.ts";
import { deliveryRows, eventList, fleetRow, indicator, openDialog, paths } from "./site/screens.ts";
import { startReceiver } from "./site/receiver.ts";
import { type Site, startSite } from "./site/start-site.ts";
import { stateOf } from "./site/worker.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "docs", "screenshots");
const WORK_MS = 180_000;
/** The demo brings new tasks within this time. */
const FEED_MS = 20_000;
/** Twice that long an agent pauses, so that something waits for it meanwhile. */
const PAUSE_MS = 5_000;
const WEBHOOK = "pager";

interface Subjects {
  readonly agent: string;
  readonly context: string;
  readonly version: number;
  readonly webhook: string;
  readonly release: ReleaseScene;
  /** A time at which one of the fleet was suspended. */
  readonly moment: string;
}

interface Picture {
  readonly name: string;
  readonly colorScheme: "light" | "dark";
  readonly path: (subjects: Subjects) => string;
  /** Waits until what the picture is about can be seen. */
  readonly ready: (page: Page, subjects: Subjects) => Promise<unknown>;
}

/** What stands where something is still to come. */
const loading = (page: Page) => page.getByRole("main").getByRole("status", { name: /^(Loading|Drawing)/ });

const PICTURES: readonly Picture[] = [
  {
    name: "fleet-light",
    colorScheme: "light",
    path: () => paths.fleet(),
    async ready(page) {
      await expect(fleetRow(page, "builder")).toContainText(/build [0-9a-f]{7}/, { timeout: FEED_MS });
      await expect(loading(page)).toHaveCount(0);
      await expect(fleetRow(page, "builder")).toContainText("Busy", { timeout: FEED_MS });
    },
  },
  {
    name: "agent-dark",
    colorScheme: "dark",
    path: ({ agent }) => `${paths.agent(agent)}?range=15m`,
    ready: (page) => expect(eventList(page).getByRole("link").first()).toBeVisible(),
  },
  {
    name: "time-travel-light",
    colorScheme: "light",
    path: ({ moment }) => paths.fleet("demo/app", { at: moment }),
    ready: (page) => expect(page.getByRole("table", { name: "Agents then" })).toContainText("Suspended"),
  },
  {
    name: "task-dark",
    colorScheme: "dark",
    path: ({ release }) => paths.inProject(`tasks/${release.task}`, release.project),
    async ready(page) {
      await expect(page.getByRole("list", { name: "Attempts" }).getByRole("listitem")).toHaveCount(3);
      await expect(page.getByRole("region", { name: "What was streamed" })).toContainText("Uploading");
    },
  },
  {
    name: "workflow-light",
    colorScheme: "light",
    path: ({ release }) => paths.inProject(`workflows/${release.workflow}`, release.project),
    async ready(page) {
      await expect(page.getByRole("main")).toContainText("Upload");
      await expect(loading(page)).toHaveCount(0);
    },
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
      const dialog = openDialog(page);
      await expect(dialog.getByRole("region", { name: "Changes" })).toBeVisible();
      await dialog.getByRole("textbox", { name: "Reason" }).fill("The last findings came from a broken build.");
      await expect(dialog.getByRole("status", { name: /^Loading/ })).toHaveCount(0);
      await expect(dialog.getByRole("list", { name: "What happens" })).toContainText("confirm");
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

/** Gives the past something to look back at: a task that fails for good, and an agent that pauses. Answers a time in the pause. */
async function makeHistory({ api }: Site): Promise<string> {
  const { project } = await api.query<Demo>(
    `{ project(path: "demo/app") { id agents(filter: { search: "reviewer" }) { edges { node { id } } } } }`,
  );
  const agentId = project.agents.edges[0]?.node.id ?? "";
  await api.change("createTask", {
    projectId: project.id,
    kind: "test",
    input: { commit: "release-1.4" },
    maxFailures: 1,
  });
  const pause = (action: string, reason: string) => api.change("transitionAgent", { agentId, action, reason });
  await pause("SUSPEND", "its rules are being changed");
  await expect.poll(() => stateOf(api, agentId)).toBe("SUSPENDED");
  await sleep(PAUSE_MS);
  const moment = new Date().toISOString();
  await sleep(PAUSE_MS);
  await pause("RESUME", "the new rules are in place");
  return moment;
}

async function findSubjects({ api }: Site): Promise<Pick<Subjects, "agent" | "context" | "version">> {
  const { project } = await api.query<Demo>(`{ project(path: "demo/app") {
    agents(filter: { search: "tester" }) { edges { node { id } } }
    contexts(filter: { search: "repository-knowledge" }) { edges { node { id currentVersion } } } } }`);
  const [agent, context] = [project.agents.edges[0]?.node, project.contexts.edges[0]?.node];
  if (!agent || !context) throw new Error("The demo's agents have not worked: see the server's log.");
  return { agent: agent.id, context: context.id, version: Math.max(1, context.currentVersion - 3) };
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

const chosen = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const receiver = await startReceiver();
process.env["MUSTER_WEBHOOK_ALLOWED_NETWORKS"] = "127.0.0.0/8";
const site = await startSite();
try {
  process.stdout.write(`Muster runs; its fleet works for ${WORK_MS / 1000} s before the pictures are taken.\n`);
  const webhook = await createWebhook(site);
  await sleep(WORK_MS / 2);
  const moment = await makeHistory(site);
  await sleep(WORK_MS / 2);
  const release = await playRelease(site);
  const subjects = { ...(await findSubjects(site)), webhook, release, moment };
  for (const picture of PICTURES.filter(({ name }) => chosen.length === 0 || chosen.includes(name))) {
    const file = await take(site, picture, subjects);
    process.stdout.write(`${relative(root, file)}  ${Math.round(statSync(file).size / 1024)} KiB\n`);
  }
  await release.stop();
} finally {
  await site.stop();
  receiver.close();
}

interface Demo {
  readonly project: {
    id: string;
    agents: { edges: { node: { id: string } }[] };
    contexts: { edges: { node: { id: string; currentVersion: number } }[] };
  };
}
