/**
 * Prints how much script the browser loads to show each page of the console, and fails when a page is above the limit.
 * Asks the production build itself, as `npm start` makes and runs it: all scripts that a page's HTML names, in tags or in
 * the tree for React, are its first load; those that its components import when they are shown come later. Each counts
 * as gzip makes it at level 9.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { consoleEnvironment, consoleFolder } from "../apps/launcher/src/console-environment.ts";
import { LauncherError } from "../apps/launcher/src/launcher-error.ts";
import { provideConsoleBuild } from "../apps/launcher/src/provide-console-build.ts";

const LIMIT_KB = 250;
/** GraphiQL is an editor with workers of its own. Its page is measured all the same. */
const WITHOUT_LIMIT = "/explorer";
const READY_MS = 60_000;

/** In kilobytes of 1,000 bytes. */
interface Size {
  readonly route: string;
  readonly first: number;
  readonly later: number;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "muster-console-size-"));
const log = join(folder, "build.log");
const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());
try {
  const build = await provideConsoleBuild({
    root,
    environment: process.env,
    logFile: log,
    say: (line) => process.stderr.write(`${line}\n`),
    stop: stop.signal,
  });
  try {
    report(await measure(join(consoleFolder(root), build.distDir), build.distDir));
  } finally {
    build.release();
  }
} catch (error) {
  if (!(error instanceof LauncherError)) throw error;
  process.stderr.write(`${existsSync(log) ? readFileSync(log, "utf8") : ""}\n${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(dist: string, distDir: string): Promise<Size[]> {
  const { child, origin } = await startConsole(distDir);
  try {
    const sizes: Size[] = [];
    for (const route of pagesOf(dist)) {
      const first = await firstScripts(origin, route);
      const later = laterScripts(dist, route).filter((path) => !first.includes(path));
      sizes.push({ route, first: kilobytes(dist, first), later: kilobytes(dist, later) });
    }
    return sizes;
  } finally {
    child.kill();
    await once(child, "exit");
  }
}

function kilobytes(dist: string, scripts: readonly string[]): number {
  const bytes = [...new Set(scripts)].map((path) => gzipSync(readFileSync(join(dist, path)), { level: 9 }).length);
  return bytes.reduce((sum, each) => sum + each, 0) / 1000;
}

function report(sizes: readonly Size[]): void {
  if (sizes.length === 0) throw new Error("The build has no pages to measure.");
  const row = (first: string, later: string, limit: string, route: string) =>
    console.log(`${first.padStart(10)} ${later.padStart(8)} ${limit.padStart(8)}   ${route}`);
  row("first, kB", "later", "limit", "scripts of the page");
  for (const { route, first, later } of sizes) {
    row(first.toFixed(1), later.toFixed(1), isLimited(route) ? String(LIMIT_KB) : "none", route);
  }
  for (const { route, first } of sizes) {
    if (!isLimited(route) || first <= LIMIT_KB) continue;
    process.exitCode = 1;
    console.log(
      `\n${route} loads ${first.toFixed(1)} kB of scripts, more than ${LIMIT_KB}: import what is not shown at once`,
    );
    console.log("with next/dynamic, or do without.");
  }
}

function isLimited(route: string): boolean {
  return !route.endsWith(WITHOUT_LIMIT);
}

/** The addresses of all pages, with brackets for their parameters. */
function pagesOf(dist: string): string[] {
  const paths = readJson<Record<string, string>>(join(dist, "app-path-routes-manifest.json"));
  return Object.entries(paths)
    .filter(([file, path]) => file.endsWith("/page") && !path.startsWith("/_"))
    .map(([, path]) => path)
    .sort();
}

/** Paths below the build's folder. */
async function firstScripts(origin: string, route: string): Promise<string[]> {
  const response = await fetch(origin + route.replaceAll(/\[[^\]]+\]/g, "any"));
  const html = await response.text();
  if (!response.ok) throw new Error(`The console answers ${route} with status ${response.status}.`);
  const forOldBrowsers = new Set(
    [...html.matchAll(/<script[^>]*\bnomodule\b[^>]*>/gi)].flatMap(([tag]) => scriptsIn(tag)),
  );
  const named = scriptsIn(html).filter((path) => !forOldBrowsers.has(path));
  if (named.length === 0) throw new Error(`The page ${route} names no scripts: how Next writes them has changed.`);
  return named;
}

function scriptsIn(html: string): string[] {
  return [...html.matchAll(/\/_next\/(static\/[^"'\\?#\s]+\.js)/g)].map((match) => decodeURI(match[1] ?? ""));
}

/** What the page's components import when they are shown (`next/dynamic`). */
function laterScripts(dist: string, route: string): string[] {
  const app = join(dist, "server", "app");
  return readdirSync(app, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("page/react-loadable-manifest.json") && addressOf(file) === route)
    .flatMap((file) => Object.values(readJson<Record<string, { files: string[] }>>(join(app, file))))
    .flatMap(({ files }) => files.filter((path) => path.endsWith(".js")));
}

/** "/projects/[project]" of "(console)/projects/[project]/page/react-loadable-manifest.json". */
function addressOf(file: string): string {
  const parts = file.split("/").slice(0, -2);
  return `/${parts.filter((part) => !part.startsWith("(")).join("/")}`;
}

function readJson<Value>(file: string): Value {
  return JSON.parse(readFileSync(file, "utf8")) as Value;
}

async function startConsole(distDir: string): Promise<{ child: ChildProcess; origin: string }> {
  const child = spawn(process.execPath, [join(consoleFolder(root), "src", "main.ts")], {
    env: { ...consoleEnvironment(process.env, { mode: "production", distDir }), CONSOLE_PORT: "0" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = once(child, "exit").then(() => "ended");
  const ready = once(child, "message") as Promise<[{ port: number }]>;
  const late = once(AbortSignal.timeout(READY_MS), "abort").then(() => "gave no answer");
  const outcome = await Promise.race([ready, ended, late]);
  if (typeof outcome !== "string") return { child, origin: `http://127.0.0.1:${outcome[0].port}` };
  child.kill("SIGKILL");
  throw new Error(`The console ${outcome} before it could be asked.`);
}
