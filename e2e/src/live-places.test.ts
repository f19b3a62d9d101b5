import { setTimeout as sleep } from "node:timers/promises";
import type { BrowserContext, Page } from "playwright";
import { afterAll, beforeAll, describe, it, onTestFinished, vi } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject, type ProjectRow } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { addPerson, firstAdmin, signedIn } from "./site/people.ts";
import { type Receiver, startReceiver } from "./site/receiver.ts";
import { deliveryRows, openDialog, paths, title } from "./site/screens.ts";
import { type Site, startSite } from "./site/start-site.ts";

const TEST_MS = 120_000;
/** Whatever reads on a timer would have done so several times. */
const QUIET_MS = 8_000;

describe("what is in no project's feed", { timeout: TEST_MS }, () => {
  let site: Site;
  let project: ProjectRow;
  let receiver: Receiver;
  beforeAll(async () => {
    vi.stubEnv("MUSTER_WEBHOOK_ALLOWED_NETWORKS", "127.0.0.0/8");
    receiver = await startReceiver();
    site = await startSite(["--no-demo"]);
    project = await ensureProject(site.api, "demo/stage");
  }, BROWSER_SET_UP_MS);
  afterAll(async () => {
    await site?.stop();
    receiver?.close();
    vi.unstubAllEnvs();
  });

  const settings = (section: string) => paths.inProject(`settings/${section}`, project.path);
  /** Several pages of one browser. What they ask for over HTTP is counted. */
  const openAll = async <Name extends string>(context: BrowserContext, addresses: Readonly<Record<Name, string>>) => {
    onTestFinished(() => context.close());
    const requests: string[] = [];
    const entries = Object.entries<string>(addresses).map(async ([name, address]) => {
      const page = await context.newPage();
      page.on("request", (request) =>
        requests.push(`${name}: ${request.method()} ${request.url()} ${request.postData() ?? ""}`),
      );
      await page.goto(address);
      await expect(page.getByRole("main")).toBeVisible();
      return [name, page] as const;
    });
    return { pages: Object.fromEntries(await Promise.all(entries)) as Record<Name, Page>, requests };
  };

  it("is seen as it happens in another browser, and nothing is asked for on a timer", async () => {
    const { id: webhook } = await site.api.change<{ id: string }>("createWebhook", {
      projectId: project.id,
      name: "posts",
      url: receiver.urlOf("posts"),
      filter: { types: ["saved_view.created"] },
    });
    const watcher = await firstAdmin(site);
    const { pages, requests } = await openAll(watcher, {
      members: settings("people"),
      users: settings("people?of=installation"),
      keys: settings("keys"),
      everyKey: settings("keys?of=installation"),
      profile: settings("profile"),
      audit: settings("audit"),
      search: settings("audit?search=deployer"),
      webhooks: paths.webhooks(project.path),
      webhook: paths.webhook(webhook, project.path),
    });
    const { members, users, keys, everyKey, profile, audit, search, webhooks, webhook: deliveries } = pages;
    await expect(profile.getByRole("list", { name: "Sessions" }).getByRole("listitem")).toHaveCount(1);
    await expect(audit.getByRole("list", { name: "Audit log" })).toBeVisible();
    await expect(search.getByRole("main")).toContainText("Nothing is like that");
    await expect(webhooks.getByRole("row", { name: /posts/ })).toBeVisible();
    await expect(deliveries.getByRole("region", { name: "Deliveries" })).toBeVisible();
    await expect(everyKey.getByRole("row", { name: /bootstrap/ })).toBeVisible();

    await sleep(QUIET_MS);
    requests.length = 0;
    await sleep(QUIET_MS);
    expect(requests).toEqual([]);

    // Another person, in another browser.
    const ada = await signedIn(site, await addPerson(site, "demo", "ada@example.org", "ADMIN"));
    const other = await openPage(Promise.resolve(ada), settings("people"));
    await expect(members.getByRole("row", { name: /^ada/ })).toContainText("Admin");
    await other.getByRole("button", { name: "Invite" }).click();
    await other.getByRole("textbox", { name: "E-mail", exact: true }).fill("grace@example.org");
    await openDialog(other).getByRole("button", { name: "Invite" }).click();
    for (const page of [members, users]) await expect(page.getByRole("row", { name: /^grace/ })).toBeVisible();
    await other.getByRole("button", { name: "I have passed it on" }).click();

    await other.goto(settings("keys"));
    await other.getByRole("button", { name: "Create key" }).click();
    await openDialog(other).getByRole("textbox", { name: "Name" }).fill("deployer");
    await openDialog(other).getByRole("button", { name: "Create key" }).click();
    await expect(keys.getByRole("row", { name: /^deployer/ })).toContainText("Active");
    await site.api.change("createApiKey", { name: "fleet-wide", role: "VIEWER" });
    await expect(everyKey.getByRole("row", { name: /^fleet-wide/ })).toBeVisible();

    // The log says that there is more, and brings it when it is asked for; a search hears of what it is about alone.
    const more = (page: Page) => page.getByRole("button", { name: /new entr/ });
    await expect(more(search)).toHaveText(/^1 new entry/);
    await more(search).click();
    await expect(search.getByRole("list", { name: "Audit log" })).toContainText("deployer");
    await expect(more(search)).toHaveCount(0);
    await expect(more(audit)).toHaveText(/^\d+ new entries/);
    await expect(audit.getByRole("list", { name: "Audit log" })).not.toContainText("deployer");
    await more(audit).click();
    await expect(audit.getByRole("list", { name: "Audit log" })).toContainText("deployer");

    // The same person signs in elsewhere.
    const elsewhere = await firstAdmin(site);
    onTestFinished(() => elsewhere.close());
    await expect(profile.getByRole("list", { name: "Sessions" }).getByRole("listitem")).toHaveCount(2);

    // A delivery that fails, is tried again, and arrives.
    receiver.answer("posts", 503);
    await site.api.change("createSavedView", { projectId: project.id, name: "one", screen: "FLEET", query: "" });
    await expect(deliveryRows(deliveries, "saved_view.created")).toContainText("503");
    await expect(webhooks.getByRole("row", { name: /posts/ })).toContainText("503");
    receiver.answer("posts", 200);
    await expect(deliveryRows(deliveries, "saved_view.created")).toContainText("200", { timeout: 60_000 });
    await expect(webhooks.getByRole("row", { name: /posts/ })).not.toContainText("503");
  });

  it("is lost with the right to it, at once", async () => {
    const person = await addPerson(site, "demo", "joan@example.org", "ADMIN");
    const page = await openPage(signedIn(site, person), settings("people"));
    await expect(page.getByRole("row", { name: /^joan/ })).toBeVisible();
    await site.api.change("changeRole", { membershipId: person.membershipId, role: "VIEWER" });
    await expect(page.getByRole("main")).toContainText("member.read");
    await expect(page.getByRole("row", { name: /^joan/ })).toHaveCount(0);
    await expect(title(page, "Settings")).toBeVisible();
  });
});
