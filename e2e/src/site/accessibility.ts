import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright";

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
  // No frames of other origins here, so the page itself puts the findings together, which takes a quarter of the time.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"], preload: false });
  if (of === "colours") axe.withRules(OF_COLOURS);
  else axe.withTags(STANDARDS).disableRules(of === "everything" ? UNRELIABLE : [...UNRELIABLE, ...OF_COLOURS]);
  if (within !== undefined) axe.include(within);
  for (const selector of except) axe.exclude(selector);
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")}: ${failureSummary?.replaceAll("\n", " ")}`),
  );
}
