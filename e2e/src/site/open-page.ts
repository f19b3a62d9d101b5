import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BrowserContext, Page } from "playwright";
import { expect, onTestFinished } from "vitest";
import { collectProblems } from "./page-problems.ts";

/** Where pictures go, of pages and of failures. */
export const RESULTS = fileURLToPath(new URL("../../../test-results", import.meta.url));

export interface PageExpectations {
  /** Problems that belong to what the test does: a refused sign-in is an error in the browser's console. */
  readonly problems?: readonly RegExp[];
}

/**
 * Opens a page in the profile. When the test ends, the profile is closed, the test fails if a page had a problem, and a
 * failed test leaves a picture of the page.
 */
export async function openPage(
  profile: Promise<BrowserContext>,
  path: string,
  { problems: expected = [] }: PageExpectations = {},
): Promise<Page> {
  const context = await profile;
  const problems = await collectProblems(context);
  return openIn(context, path, { expected, problems, close: () => context.close() });
}

interface Opening {
  readonly expected: readonly RegExp[];
  /** Those that the profile has had so far, to which others are added. */
  readonly problems: readonly string[];
  close(page: Page): Promise<void>;
}

/** Opens a page in a profile that others are opened in before and after it, which then have the scripts already. Else as `openPage`. */
export async function openIn(
  context: BrowserContext,
  path: string,
  { expected, problems, close }: Opening,
): Promise<Page> {
  const before = problems.length;
  const page = await context.newPage();
  onTestFinished(async ({ task }) => {
    if (task.result?.state === "fail") await takePicture(page, "failures", task.name);
    await close(page);
    const own = problems.slice(before);
    expect(own.filter((problem) => !expected.some((pattern) => pattern.test(problem)))).toEqual([]);
  });
  await page.goto(path);
  return page;
}

/** Saves what the window shows. */
export async function takePicture(page: Page, folder: string, name: string): Promise<void> {
  const target = join(RESULTS, folder);
  mkdirSync(target, { recursive: true });
  await page.screenshot({ path: join(target, `${name.replace(/[^a-z0-9]+/gi, "-").toLowerCase()}.png`) });
}
