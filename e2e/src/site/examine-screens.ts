import type { BrowserContext, Page } from "playwright";
import { afterAll, it } from "vitest";
import { accessibilityViolations, type Examination } from "./accessibility.ts";
import { expect } from "./expect.ts";
import { openIn, takePicture } from "./open-page.ts";
import { collectProblems } from "./page-problems.ts";
import { indicator } from "./screens.ts";
import type { Site } from "./start-site.ts";

export interface Screen {
  readonly name: string;
  readonly path: () => string;
  /** Waits until it is whole; opens what is to be looked at. */
  readonly ready: (page: Page) => Promise<unknown>;
  readonly withoutSession?: boolean;
  /** Selectors of what other projects make. */
  readonly foreign?: readonly string[];
  /** Says little, and nothing of its own: one look is enough. */
  readonly plain?: boolean;
  /** Has nothing that could be followed, so that it never says that it is live. */
  readonly still?: boolean;
  /** Problems that belong to it, as for `openPage`. */
  readonly problems?: readonly RegExp[];
}

const WIDE = { width: 1440, height: 900 };
/** The narrowest window that the console is made for. */
const NARROW = { width: 360, height: 780 };
/** Both themes and both widths are seen in two. */
const PICTURES = ["light wide", "dark narrow"];
const MODAL = "[role=dialog]:not([aria-modal=false])";
const LIMIT_MS = 90_000;

/**
 * A test for each screen: axe finds nothing, in light and dark, wide and narrow; nothing is wider than a narrow window; its
 * pictures are kept, and (see `openPage`) the page has no errors.
 */
export function examineScreens(site: () => Site, screens: readonly Screen[]): void {
  const profiles = new Map<"visitor" | "operator", Promise<SharedProfile>>();
  const profileOf = (who: "visitor" | "operator") => {
    const profile = profiles.get(who) ?? shareProfile(site()[who]({ colorScheme: "light" }));
    profiles.set(who, profile);
    return profile;
  };
  afterAll(async () => {
    for (const profile of profiles.values()) await (await profile).context.close();
  });
  it.each(screens)(
    "is accessible and free of errors: $name",
    async ({
      name,
      path,
      ready,
      withoutSession = false,
      foreign = [],
      plain = false,
      still = false,
      problems = [],
    }) => {
      const { context, problems: had } = await profileOf(withoutSession ? "visitor" : "operator");
      const page = await openIn(context, path(), { expected: problems, problems: had, close: leaveNothing });
      if (!withoutSession && !still) await expect(indicator(page)).toHaveText("Live");
      await ready(page);
      const violations: string[] = [];
      // What lies behind a dialog is another screen's.
      const within = (await page.locator(MODAL).count()) > 0 ? { within: MODAL } : {};
      const look = async (colorScheme: "light" | "dark", width: "wide" | "narrow", of: Examination["of"] | null) => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(width === "wide" ? WIDE : NARROW);
        if (PICTURES.includes(`${colorScheme} ${width}`)) {
          await takePicture(page, "screenshots", `${name} ${colorScheme} ${width}`);
        }
        if (of === null) return;
        const found = await accessibilityViolations(page, { of, except: foreign, ...within });
        violations.push(...found.map((violation) => `${colorScheme} ${width}: ${violation}`));
      };
      await look("light", "wide", "everything");
      if (!plain) {
        await look("dark", "wide", "colours");
        await look("dark", "narrow", null);
        await look("light", "narrow", "structure");
      } else await look("light", "narrow", null);
      if (!withoutSession) await expect(page.locator("a:visible", { hasText: /^Muster$/ })).toHaveCount(1);
      expect(violations).toEqual([]);
      await expect.poll(() => overhangs(page)).toEqual([]);
    },
    LIMIT_MS,
  );
}

interface SharedProfile {
  readonly context: BrowserContext;
  readonly problems: readonly string[];
}

async function shareProfile(opened: Promise<BrowserContext>): Promise<SharedProfile> {
  const context = await opened;
  return { context, problems: await collectProblems(context) };
}

/** The next screen shall find the browser as this one did. */
async function leaveNothing(page: Page): Promise<void> {
  await page.evaluate(() => localStorage.clear());
  await page.close();
}

/** What is wider than the window scrolls in its own frame, not with the whole page, nor with a dialog. */
function overhangs(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll("[role=dialog]")]
      .filter((frame) => frame.scrollWidth > frame.clientWidth)
      .map((frame) => `${frame.tagName}: ${frame.scrollWidth} px in ${frame.clientWidth} px`),
  );
}
