/**
 * `npm run lighthouse`: what Lighthouse says of the console's fleet and of an agent's page, on a desktop, of a Muster of its own whose
 * agents work: the median of five runs each. Ends with code 1 when one is below the limit. Lighthouse is fetched when it is
 * needed: it is a fifth of all that Muster would install.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePort } from "@muster/database/embedded/free-port.ts";
import { openBrowser } from "./browser/open-browser.ts";
import { paths } from "./site/screens.ts";
import { type Site, startSite } from "./site/start-site.ts";

const LIGHTHOUSE = "lighthouse@13.5.0";
const RUNS = 5;
const LEAST = 95;
const CATEGORIES = ["performance", "accessibility"] as const;
/** So long the agents work first, so that the pages have something to show. */
const WORK_MS = 20_000;
const RUN_MS = 180_000;

type Scores = Readonly<Record<(typeof CATEGORIES)[number], number>>;

interface Report {
  readonly categories: Readonly<Record<string, { readonly score: number | null }>>;
  readonly runtimeError?: { readonly message: string };
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "muster-lighthouse-"));
const port = await freePort();
const site = await startSite();
const browser = await openBrowser([`--remote-debugging-port=${port}`]);
try {
  await signIn(site);
  process.stdout.write(`Muster runs; its agents work for ${WORK_MS / 1000} s first.\n`);
  await sleep(WORK_MS);
  const pages = { fleet: paths.fleet(), agent: paths.agent(await anAgent(site)) };
  for (const [name, path] of Object.entries(pages)) {
    const runs: Scores[] = [];
    for (let run = 0; run < RUNS; run += 1)
      runs.push(await measure(`${site.url}${path}`, join(folder, `${name}-${run}`)));
    for (const category of CATEGORIES) {
      const scores = runs.map((scored) => scored[category]).toSorted((a, b) => a - b);
      const median = scores[Math.floor(RUNS / 2)] ?? 0;
      process.stdout.write(`${name} ${category}: ${median} (${scores.join(", ")}), at least ${LEAST} is wanted\n`);
      if (median < LEAST) process.exitCode = 1;
    }
  }
} finally {
  await browser.close();
  await site.stop();
  await rm(folder, { recursive: true, force: true });
}

/** Signs in the browser's own profile, in which Lighthouse opens its pages. */
async function signIn({ api, url }: Site): Promise<void> {
  const answer = await fetch(`${url}/auth/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ key: api.key }),
  });
  const cookies = answer.headers.getSetCookie().map((header) => {
    const [name = "", value = ""] = (header.split(";", 1)[0] ?? "").split("=", 2);
    return { name, value, url, httpOnly: true, sameSite: "Lax" as const };
  });
  if (cookies.length === 0) throw new Error(`No session: ${answer.status} ${await answer.text()}`);
  const session = await browser.newBrowserCDPSession();
  await session.send("Storage.setCookies", { cookies });
}

async function anAgent({ api }: Site): Promise<string> {
  const { project } = await api.query<{ project: { agents: { edges: { node: { id: string } }[] } } }>(
    `{ project(path: "demo/app") { agents(first: 1) { edges { node { id } } } } }`,
  );
  const id = project.agents.edges[0]?.node.id;
  if (id === undefined) throw new Error("The demo has no agents: see the server's log.");
  return id;
}

async function measure(url: string, output: string): Promise<Scores> {
  const options = [
    url,
    `--port=${port}`,
    "--disable-storage-reset",
    "--preset=desktop",
    `--only-categories=${CATEGORIES.join()}`,
    "--output=json",
    `--output-path=${output}`,
    "--quiet",
  ];
  await promisify(execFile)("pnpm", ["dlx", LIGHTHOUSE, ...options], {
    cwd: root,
    timeout: RUN_MS,
    maxBuffer: 1 << 26,
  });
  const report = JSON.parse(await readFile(output, "utf8")) as Report;
  if (report.runtimeError) throw new Error(`Lighthouse could not measure ${url}: ${report.runtimeError.message}`);
  const scoreOf = (category: string) => Math.round((report.categories[category]?.score ?? 0) * 100);
  return { performance: scoreOf("performance"), accessibility: scoreOf("accessibility") };
}
