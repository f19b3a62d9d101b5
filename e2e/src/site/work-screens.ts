import type { Locator, Page } from "playwright";
import { expect } from "./expect.ts";
import { title } from "./screens.ts";

const base = (project: string) => `/projects/${project}`;

/** The addresses of the screens about work. */
export const work = {
  overview: (project: string) => `${base(project)}/overview`,
  tasks: (project: string, view: Readonly<Record<string, string>> = {}) => {
    const query = new URLSearchParams(view).toString();
    return `${base(project)}/tasks${query && `?${query}`}`;
  },
  task: (id: string, project: string) => `${base(project)}/tasks/${id}`,
  workflows: (project: string) => `${base(project)}/workflows`,
  workflow: (id: string, project: string) => `${base(project)}/workflows/${id}`,
  schedules: (project: string) => `${base(project)}/schedules`,
  queues: (project: string) => `${base(project)}/queues`,
} as const;

/** What stands beside the title of a page: the state of what it is about, and since when. */
export function stateBeside(page: Page, name: string): Locator {
  return title(page, name).locator("xpath=..");
}

/** From here on a page that is loaded anew is known by `unmarked`. */
export async function mark(page: Page): Promise<void> {
  await page.evaluate(() => void Object.assign(window, { marked: true }));
}

export function unmarked(page: Page): Promise<boolean> {
  return page.evaluate(() => !("marked" in window));
}

/** Pauses or resumes a queue where the queues are listed. */
export async function queueAction(page: Page, queue: string, action: "Pause" | "Resume", reason: string) {
  await page.getByRole("button", { name: `Actions of ${queue}` }).click();
  await page.getByRole("menuitem", { name: `${action}…` }).click();
  await giveReason(page, `${action} queue ${queue}`, reason, action);
}

/** Answers a dialog that asks why. */
export async function giveReason(page: Page, dialogName: string | RegExp, reason: string, submit: string) {
  const dialog = page.getByRole("dialog", { name: dialogName });
  await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name: submit, exact: true }).click();
  await expect(dialog).toBeHidden();
}

/** Does what the last toast offers. */
export async function doAsOffered(page: Page, toast: string | RegExp, action: string) {
  await page.getByRole("dialog").filter({ hasText: toast }).getByRole("button", { name: action, exact: true }).click();
}
