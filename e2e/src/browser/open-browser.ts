import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lockFolder } from "@muster/processes/folder-lock.ts";
import type { Browser, LaunchOptions } from "playwright";
import { BrowserMissing, findBrowser, launchBrowser } from "./find-browser.ts";
import { waysToABrowser } from "./ways-to-a-browser.ts";

/** How long to allow for in a set-up that opens a browser: it may have to be downloaded and installed first. */
export const BROWSER_SET_UP_MS = 700_000;

/**
 * Opens a browser, with more flags where given. It is looked for, and installed when there is none, once in a test run.
 * @throws BrowserMissing with what to install, in one sentence.
 */
export async function openBrowser(flags: readonly string[] = []): Promise<Browser> {
  return launchBrowser(await browserOfThisRun(), flags);
}

async function browserOfThisRun(): Promise<LaunchOptions> {
  const look = () => findBrowser(waysToABrowser({ environment: process.env, isRoot: process.getuid?.() === 0 }));
  // The folder that the processes of one test run share; outside of one nobody else looks.
  const folder = process.env["MUSTER_TEST_RUN"];
  if (folder === undefined) return look();
  const lock = await lockFolder(folder, "browser", BROWSER_SET_UP_MS);
  try {
    const record = join(folder, "browser.json");
    if (existsSync(record)) return read(record);
    const outcome = await look().catch((error: unknown) => {
      if (error instanceof BrowserMissing) return { failure: error.message };
      throw error;
    });
    writeFileSync(record, JSON.stringify(outcome));
    return read(record);
  } finally {
    lock.release();
  }
}

function read(record: string): LaunchOptions {
  const outcome = JSON.parse(readFileSync(record, "utf8")) as LaunchOptions | { failure: string };
  if ("failure" in outcome) throw new Error(outcome.failure);
  return outcome;
}
