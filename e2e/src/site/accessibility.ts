import axe, { type AxeResults, type RunOptions } from "axe-core";
import type { Page } from "playwright";

declare global {
  interface Window {
    readonly axe: { run(context: Context, options: RunOptions): Promise<AxeResults> };
  }
}

interface Context {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
const OF_COLOURS = ["color-contrast", "link-in-text-block"];
/** Takes icons that are hidden from readers for text that the accessible name would have to repeat. */
const UNRELIABLE = ["label-content-name-mismatch"];

export interface Examination {
  /** What depends on the colours, on the structure, or both. Colours take most of the time. */
  readonly of: "everything" | "colours" | "structure";
  /** Selectors of what others make. */
  readonly except?: readonly string[];
  /** Only what the selector finds, and so no rules about pages as a whole. */
  readonly within?: string;
}

/** What axe finds on the page as it is now: rule, element and what to do, one line each. */
export async function accessibilityViolations(page: Page, { of, except = [], within }: Examination): Promise<string[]> {
  // To load axe takes longer than to ask it: a page that is examined again has it already.
  for (const frame of page.frames())
    if (!(await frame.evaluate(() => "axe" in window))) await frame.evaluate(axe.source);
  const left = of === "everything" ? UNRELIABLE : [...UNRELIABLE, ...OF_COLOURS];
  const options: RunOptions = {
    resultTypes: ["violations"],
    preload: false,
    ...(of === "colours"
      ? { runOnly: { type: "rule", values: OF_COLOURS } }
      : {
          runOnly: { type: "tag", values: STANDARDS },
          rules: Object.fromEntries(left.map((rule) => [rule, { enabled: false }])),
        }),
  };
  const context: Context = { include: [within ?? "html"], exclude: except };
  return page.evaluate(
    async ([where, how]) => {
      const { violations } = await window.axe.run(where, how);
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(
          ({ target, failureSummary }) => `${id} ${target.join(" ")}: ${failureSummary?.replaceAll("\n", " ")}`,
        ),
      );
    },
    [context, options] as const,
  );
}
