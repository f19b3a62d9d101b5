import { defineAgent } from "@muster/agent/define-agent.ts";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, it, onTestFinished } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject, type ProjectRow } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { addPerson, PASSWORD, signedIn } from "./site/people.ts";
import { registerAgent } from "./site/performer.ts";
import { fleetRow, indicator, openDialog, paths, shownText, title } from "./site/screens.ts";
import { type OwnSite, startSite } from "./site/start-site.ts";

const TEST_MS = 120_000;
/** How soon what a credential has open must be closed. */
const CLOSED_WITHIN_MS = 2_000;

describe("who may do what", { timeout: TEST_MS }, () => {
  let site: OwnSite;
  let project: ProjectRow;
  beforeAll(async () => {
    site = await startSite(["--no-demo"], { MUSTER_HEARTBEAT_TIMEOUT_MS: "3000" });
    project = await ensureProject(site.api, "demo/stage");
  }, BROWSER_SET_UP_MS);
  afterAll(() => site?.stop());

  const settings = (section: string) => paths.inProject(`settings/${section}`, project.path);
  const fleet = () => paths.fleet(project.path);
  const box = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });

  it("a new user invites a viewer, gives an agent a key and takes it away, and reads all of it in the audit log", async () => {
    const link = /\S+\/sign-in#link=\S+/.exec(site.muster.printed())?.[0] ?? "";
    const page = await openPage(site.visitor(), link);
    await expect(title(page, "Overview")).toBeVisible();

    // Invite somebody who sees and does not touch.
    await page.goto(settings("people"));
    await page.getByRole("button", { name: "Invite" }).click();
    await box(page, "E-mail").fill("grace@example.org");
    await expect(openDialog(page).getByRole("radio", { name: "Viewer" })).toBeChecked();
    await openDialog(page).getByRole("button", { name: "Invite" }).click();
    const invitation = await shownText(page.getByRole("status", { name: "Link" }));
    expect(invitation).toMatch(`${site.url}/set-password#link=`);
    await page.getByRole("button", { name: "I have passed it on" }).click();
    await expect(page.getByRole("row", { name: /^grace/ })).toContainText("invited");

    const other = await openPage(site.visitor(), invitation, { problems: [/status of 400/] });
    await expect.poll(() => new URL(other.url()).hash).toBe("");
    await box(other, "New password").fill("short");
    await other.getByRole("button", { name: "Set password and sign in" }).click();
    await expect(other.getByRole("main")).toContainText("at least 12 characters");
    await box(other, "New password").fill(PASSWORD);
    await other.getByRole("button", { name: "Set password and sign in" }).click();
    await expect(title(other, "Overview")).toBeVisible();
    await expect(other.getByRole("button", { name: /^Account: grace/ })).toContainText("Viewer of demo");
    await expect(page.getByRole("row", { name: /^grace/ })).not.toContainText("invited");

    // An agent gets its key from the console, and runs with it.
    const { id } = await registerAgent(site.api, project, "courier");
    await page.goto(settings("keys?of=agents"));
    await page.getByRole("button", { name: "Rotate key of courier" }).click();
    await openDialog(page).getByRole("button", { name: "Rotate key" }).click();
    const key = await shownText(page.getByRole("status", { name: "Key" }));
    await page.getByRole("button", { name: "I have stored it" }).click();
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    let endedAt = 0;
    defineAgent({ name: "courier", capabilities: ["perform"], tasks: {} })
      .run({ url: site.url, agentId: id, key, heartbeatMs: 500, logLevel: "error", signal: stop.signal })
      .catch(() => {})
      .finally(() => (endedAt = performance.now()));

    await other.goto(fleet());
    await expect(fleetRow(other, "courier")).toContainText("Online");
    await expect(other.getByRole("button", { name: "Register agent" })).toBeDisabled();
    await other.goto(paths.agent(id, project.path));
    await expect(title(other, "courier")).toBeVisible();
    for (const action of ["Suspend", "Stop", "Restart"]) {
      await expect(other.getByRole("button", { name: action, exact: true, disabled: false })).toHaveCount(0);
    }
    await other.goto(settings("keys"));
    await expect(other.getByRole("main")).toContainText("You may not see the keys of this workspace");

    // Without its key it is gone at once.
    await other.goto(fleet());
    await page.goto(settings("keys"));
    const row = page.getByRole("row", { name: /^courier/ }).filter({ hasText: "Active" });
    await row.getByRole("button", { name: "Actions for the key courier" }).click();
    await page.getByRole("menuitem", { name: "Revoke…" }).click();
    const revoke = openDialog(page).getByRole("button", { name: "Revoke key" });
    await box(page, "Reason").fill("It was pasted into a chat");
    await expect(revoke).toBeDisabled();
    await box(page, "Type courier to confirm").fill("courier");
    const revokedAt = performance.now();
    await revoke.click();
    await expect(page.getByText("The key courier is revoked")).toBeVisible();
    await expect.poll(() => endedAt).toBeGreaterThan(0);
    expect(endedAt - revokedAt).toBeLessThan(CLOSED_WITHIN_MS);
    await expect(row).toHaveCount(0);
    await expect(fleetRow(other, "courier")).toContainText("Unresponsive");

    // All of it stands in the audit log.
    await page.goto(settings("audit?actor=USER"));
    const log = page.getByRole("list", { name: "Audit log" });
    await expect(log).toContainText("Key courier revoked");
    await expect(log).toContainText("It was pasted into a chat");
    await expect(log).toContainText("Viewer role given");
    await expect(log).toContainText("Has a new key");
    const entry = log.getByRole("listitem").filter({ hasText: "Viewer role given" });
    await entry.getByRole("button").first().click();
    await expect(page.getByRole("region", { name: "Before and after" })).toContainText('"VIEWER"');
    await expect(page.getByRole("region", { name: "Entry" })).toContainText("127.0.0.1");
    await expect(entry).toContainText("sealed");
    await page.getByRole("button", { name: "The installation itself" }).click();
    await expect(log).toContainText("Person grace added");
    await expect(log).toContainText("Signed in by a one-time link");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem", { name: "These entries as CSV" }).click();
    expect((await download).suggestedFilename()).toMatch(/\.csv$/);
  });

  it("buttons follow a role that changes while the page is open", async () => {
    const person = await addPerson(site, "demo", "ada@example.org", "VIEWER");
    // A question that is asked in the very moment has to be asked again.
    const page = await openPage(signedIn(site, person), fleet(), { problems: [/status of 503/] });
    const register = page.getByRole("main").getByText("Register agent", { exact: true });
    await expect(page.getByRole("button", { name: "Register agent" })).toBeDisabled();
    // Before, there is no connection that would be closed.
    await expect(indicator(page)).toHaveText("Live");
    await site.api.change("changeRole", { membershipId: person.membershipId, role: "DEVELOPER" });
    await expect(page.getByRole("link", { name: "Register agent" })).toBeVisible();
    await expect(page.getByRole("button", { name: /^Account: / })).toContainText("Developer of demo");
    await site.api.change("changeRole", { membershipId: person.membershipId, role: "VIEWER" });
    await expect(page.getByRole("button", { name: "Register agent" })).toBeDisabled();
    await expect(register).toHaveCount(1);
  });
});
