import type { Locator, Page } from "playwright";
import { expect } from "./expect.ts";

/** The console's addresses, as a person would type them. */
export const paths = {
  /** Any page of a project, by what follows the project in its address. */
  inProject: (rest: string, project = "demo/app") => `/projects/${project}/${rest}`,
  fleet: (project = "demo/app", view: Readonly<Record<string, string>> = {}) => {
    const query = new URLSearchParams(view).toString();
    return `/projects/${project}/fleet${query && `?${query}`}`;
  },
  agent: (id: string, project = "demo/app") => `/projects/${project}/agents/${id}`,
  contexts: (project = "demo/app") => `/projects/${project}/contexts`,
  context: (id: string, project = "demo/app") => `/projects/${project}/contexts/${id}`,
  webhooks: (project = "demo/app") => `/projects/${project}/webhooks`,
  webhook: (id: string, project = "demo/app") => `/projects/${project}/webhooks/${id}`,
  explorer: (project = "demo/app") => `/projects/${project}/explorer`,
} as const;

/** The connection's indicator. */
export function indicator(page: Page): Locator {
  return page.getByRole("banner").getByRole("status");
}

/** What is said about something that did not work. The framework has one more, which announces pages. */
export function problem(within: Page | Locator): Locator {
  return within.getByRole("alert").and(within.locator(":not(#__next-route-announcer__)"));
}

export function title(page: Page, name: string | RegExp): Locator {
  return page.getByRole("heading", { level: 1, name });
}

/** Opens the menu of the account, in which signing out and the theme are. */
export async function openAccountMenu(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: /^Account: / }).click();
  return page.getByRole("menu");
}

/** The row of an agent in the fleet's table. */
export function fleetRow(page: Page, agent: string): Locator {
  return page
    .getByRole("table")
    .getByRole("row")
    .filter({ has: page.getByRole("link", { name: agent, exact: true }) });
}

/** The button of an action, which may be under "More actions". */
export async function chooseAction(page: Page, name: string): Promise<Locator> {
  const button = page.getByRole("main").getByRole("button", { name, exact: true });
  const more = page.getByRole("button", { name: "More actions" });
  await expect(button.or(more).first()).toBeVisible();
  if (await button.isVisible()) await button.click();
  else {
    await more.click();
    await page.getByRole("menuitem", { name, exact: true }).click();
  }
  const dialog = openDialog(page);
  await expect(dialog).toBeVisible();
  return dialog;
}

/** The dialog that is open. To readers a toast is one too, without being modal. */
export function openDialog(page: Page): Locator {
  return page.getByRole("dialog").and(page.locator(":not([aria-modal=false])"));
}

/** What a program wants to know that is shown to a person: waits until it is there. */
export async function shownText(where: Locator): Promise<string> {
  await expect(where).not.toBeEmpty();
  return (await where.textContent()) ?? "";
}

/** The rows of a webhook's log that tell of this type of event, the newest first. */
export function deliveryRows(page: Page, type: string): Locator {
  return page
    .getByRole("table")
    .getByRole("row")
    .filter({ has: page.getByRole("link", { name: type, exact: true }) });
}

/** The list of an agent's events. */
export function eventList(page: Page): Locator {
  return page.getByRole("list", { name: "Events" });
}

/** The ids of the events that are in the document just now, one for each row, in their order. */
export async function eventIds(page: Page): Promise<string[]> {
  return eventList(page)
    .getByRole("listitem")
    .evaluateAll((rows) =>
      rows
        .map((row) => row.querySelector<HTMLAnchorElement>("a[href*='event=']")?.href)
        .map((href) =>
          href === undefined ? "a row without an event" : (new URL(href).searchParams.get("event") ?? ""),
        ),
    );
}

/** Less than a window, so that each row is in the document for a while. */
const SCROLL_STEP = 500;

/** Reads the list of events to its end, by scrolling as a person does, and answers each id in the order in which it came. */
export async function readAllEvents(page: Page): Promise<string[]> {
  await expect(eventList(page).getByRole("listitem").first()).toBeVisible();
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.mouse.move(700, 600);
  const seen: string[] = [];
  for (let unchanged = 0; unchanged < 8; unchanged += 1) {
    const ids = await eventIds(page);
    expect(new Set(ids).size, "rows with the same event").toBe(ids.length);
    const fresh = ids.filter((id) => !seen.includes(id));
    seen.push(...fresh);
    if (fresh.length > 0) unchanged = 0;
    await page.mouse.wheel(0, SCROLL_STEP);
    await page.waitForTimeout(80);
  }
  return seen;
}
