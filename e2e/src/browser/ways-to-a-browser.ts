import { createRequire } from "node:module";
import { accessSync, constants } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { LaunchOptions } from "playwright";
import { runBounded } from "./run-bounded.ts";

/** One way to come to a browser. */
export interface WayToABrowser {
  readonly name: string;
  /** Does what is needed first. Resolves with null, or with why this way is closed. */
  readonly prepare?: () => Promise<string | null>;
  /** What to launch, in the order in which to try; read after `prepare`. */
  readonly candidates: () => readonly LaunchOptions[];
}

const DOWNLOAD_MS = 180_000;
const PACKAGE_LISTS_MS = 90_000;
const PACKAGE_MS = 300_000;

/** Chromium without the window around its pages: a page costs half of what it does in the whole browser. */
const SHELL = "chromium-headless-shell";
const PROGRAMS = [SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const USUAL_PLACES = [
  ...["/usr/bin", "/usr/local/bin", "/snap/bin"].flatMap((folder) => PROGRAMS.map((name) => join(folder, name))),
  "/opt/google/chrome/chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Playwright's own Chromium: the shell that it uses without a window, or the whole browser. */
const OWN: readonly LaunchOptions[] = [{}, { channel: "chromium" }];

export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly isRoot: boolean;
  /** Where browsers are when they are not on the PATH. */
  readonly usualPlaces?: readonly string[];
}

/** From the cheapest to the one that changes the machine most. `MUSTER_BROWSER` is a choice, so nothing else is tried with it. */
export function waysToABrowser({ environment, isRoot, usualPlaces = USUAL_PLACES }: Surroundings): WayToABrowser[] {
  const chosen = environment["MUSTER_BROWSER"];
  if (chosen) return [{ name: "MUSTER_BROWSER", candidates: () => [{ executablePath: chosen }] }];
  const installed = () => installedBrowsers(environment, usualPlaces);
  return [
    { name: "Playwright's own", candidates: () => OWN },
    { name: "an installed one", candidates: installed },
    { name: "Playwright's download", prepare: () => download(environment), candidates: () => OWN },
    ...(isRoot && onPath("apt-get", environment)
      ? [{ name: "the package chromium", prepare: () => installPackage(environment), candidates: installed }]
      : []),
  ];
}

function installedBrowsers(environment: NodeJS.ProcessEnv, usualPlaces: readonly string[]): LaunchOptions[] {
  const found = PROGRAMS.flatMap((name) => onPath(name, environment) ?? []);
  return [...new Set([...found, ...usualPlaces.filter(isProgram)])].map((executablePath) => ({ executablePath }));
}

/** Only the browser that runs without a window; a network that swallows packets shall not hold us up for long. */
function download(environment: NodeJS.ProcessEnv): Promise<string | null> {
  const folder = dirname(createRequire(import.meta.url).resolve("playwright/package.json"));
  return runBounded(
    [process.execPath, join(folder, "cli.js"), "install", "--only-shell", "--no-progress", "chromium"],
    {
      environment: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: "10000", ...environment },
      limitMs: DOWNLOAD_MS,
    },
  );
}

async function installPackage(environment: NodeJS.ProcessEnv): Promise<string | null> {
  const quiet = { ...environment, DEBIAN_FRONTEND: "noninteractive" };
  // A list that cannot be read anew may still be good enough: only the installation counts.
  await runBounded(["apt-get", "update", "-qq"], { environment: quiet, limitMs: PACKAGE_LISTS_MS });
  const install = (name: string) =>
    runBounded(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", name], {
      environment: quiet,
      limitMs: PACKAGE_MS,
    });
  // Not every distribution that has the browser has the shell.
  return (await install(SHELL)) === null ? null : install("chromium");
}

function onPath(program: string, environment: NodeJS.ProcessEnv): string | undefined {
  const folders = (environment["PATH"] ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, program)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
