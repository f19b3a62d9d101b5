import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@muster/database/embedded/free-port.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import type { Browser, BrowserContext, BrowserContextOptions } from "playwright";
import { openBrowser } from "../browser/open-browser.ts";
import { type MusterProcess, startMuster } from "../muster-process.ts";
import { type Api, openApi } from "./api.ts";
import { borrowMuster } from "./shared-muster.ts";

const WIDE = { width: 1440, height: 900 };
/** Shorter than a test may take, so that what fails is the step, which says what it looked for. */
const ACTION_MS = 15_000;

/** A Muster, and a browser beside it. */
export interface Site {
  readonly url: string;
  readonly api: Api;
  readonly browser: Browser;
  /** A browser profile without a session. */
  visitor(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** A browser profile that is signed in. */
  operator(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** A new one-time link. */
  signInLink(): Promise<string>;
  stop(): Promise<void>;
}

/** A site whose Muster nobody else uses. */
export interface OwnSite extends Site {
  readonly muster: MusterProcess;
  readonly dataDir: string;
  /** The pid of the running server. */
  serverPid(): Promise<number>;
}

/**
 * A browser beside the Muster that files of the test run share. It is for tests that see no more of it than projects of their own, whose
 * names no other file uses; those that restart it, set it up otherwise, or look at what is not of a project start their own.
 */
export async function joinSite(): Promise<Site> {
  const [browser, { url, dataDir }] = await Promise.all([openBrowser(), borrowMuster()]);
  return openSite(url, dataDir, browser, () => browser.close());
}

/**
 * Starts Muster as `npm start` does, on a data folder and a port of its own, and a browser. In a test run its database is one of the
 * run's, unless the settings name another: to make a PostgreSQL for each takes longer than many of the tests.
 */
export async function startSite(
  options: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
): Promise<OwnSite> {
  const inTestRun = process.env["MUSTER_TEST_RUN"] !== undefined;
  const database = inTestRun && settings["DATABASE_URL"] === undefined ? await createTestDatabase() : null;
  const all = database ? { ...settings, DATABASE_URL: database.url } : settings;
  const dataDir = await mkdtemp(join(tmpdir(), "muster-"));
  const started = await Promise.allSettled([
    openBrowser(),
    freePort().then((port) => startMuster(dataDir, port, options, all)),
  ]);
  const [opened, running] = started;
  const stop = async () => {
    await Promise.all([
      opened.status === "fulfilled" && opened.value.close(),
      running.status === "fulfilled" && running.value.interrupt(),
    ]);
    await database?.drop();
    await rm(dataDir, { recursive: true, force: true });
  };
  if (opened.status === "rejected" || running.status === "rejected") {
    await stop();
    throw started.find((outcome) => outcome.status === "rejected")?.reason;
  }
  const muster = running.value;
  return {
    ...(await openSite(muster.url, dataDir, opened.value, stop)),
    muster,
    dataDir,
    serverPid: async () => Number.parseInt(await readFile(join(dataDir, "server.pid"), "utf8"), 10),
  };
}

async function openSite(url: string, dataDir: string, browser: Browser, stop: () => Promise<void>): Promise<Site> {
  const api = await openApi(url, dataDir);
  const visitor = async (more: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ baseURL: url, viewport: WIDE, reducedMotion: "reduce", ...more });
    context.setDefaultTimeout(ACTION_MS);
    return context;
  };
  return {
    url,
    api,
    browser,
    visitor,
    async operator(more) {
      const context = await visitor(more);
      const answer = await context.request.post("/auth/sign-in", { data: { key: api.key } });
      if (!answer.ok()) throw new Error(`No session: ${answer.status()} ${await answer.text()}`);
      return context;
    },
    async signInLink() {
      const headers = { authorization: `Bearer ${api.key}` };
      const answer = await fetch(`${url}/auth/sign-in-links`, { method: "POST", headers });
      if (answer.status !== 201) throw new Error(`No link: ${answer.status} ${await answer.text()}`);
      return ((await answer.json()) as { url: string }).url;
    },
    async stop() {
      api.close();
      await stop();
    },
  };
}
