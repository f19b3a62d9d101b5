import { type Browser, chromium, type LaunchOptions } from "playwright";
import type { WayToABrowser } from "./ways-to-a-browser.ts";

/** No browser can be had here. The message is for the person who runs the tests: one sentence, with what to do. */
export class BrowserMissing extends Error {
  override readonly name = "BrowserMissing";
  constructor(tried: readonly string[]) {
    super(
      `The browser tests need Chromium or Google Chrome: install one of them, or set MUSTER_BROWSER to its path (${tried.join("; ")}).`,
    );
  }
}

const LAUNCH_MS = 30_000;
/** The pages are our own, and root cannot use the sandbox. Nothing shall go out to the network by itself. */
const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a browser without a window, with more flags where given. @throws what Playwright says when it does not start. */
export function launchBrowser(found: LaunchOptions, flags: readonly string[] = []): Promise<Browser> {
  const chromiumSandbox = process.getuid?.() !== 0;
  return chromium.launch({ ...found, args: [...FLAGS, ...flags], chromiumSandbox, timeout: LAUNCH_MS });
}

/** The first browser that really starts. @throws BrowserMissing */
export async function findBrowser(ways: readonly WayToABrowser[]): Promise<LaunchOptions> {
  const tried: string[] = [];
  for (const { name, prepare, candidates } of ways) {
    const obstacle = (await prepare?.()) ?? null;
    if (obstacle !== null) {
      tried.push(`${name}: ${obstacle}`);
      continue;
    }
    const failures: string[] = [];
    for (const candidate of candidates()) {
      try {
        await (await launchBrowser(candidate)).close();
        return candidate;
      } catch (error) {
        failures.push(`${candidate.executablePath ?? "it"} does not start: ${firstLine(error)}`);
      }
    }
    tried.push(`${name}: ${failures.join(", ") || "there is none"}`);
  }
  throw new BrowserMissing(tried);
}

function firstLine(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).split("\n");
  return (lines[0] ?? "").replace(/^browserType\.launch: /, "");
}
