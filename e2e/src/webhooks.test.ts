import type { Page } from "playwright";
import { afterAll, beforeAll, describe, it, vi } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { ensureProject, type ProjectRow } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { type Performer, startPerformer } from "./site/performer.ts";
import { type Receiver, signaturesBy, startReceiver } from "./site/receiver.ts";
import { deliveryRows, paths, problem, shownText, title } from "./site/screens.ts";
import { type Site, startSite } from "./site/start-site.ts";

/** A delivery is sent within a second or two, and the page looks every three. */
const SHOWN_MS = 15_000;
/** After a failure a webhook waits for 30 s at most. */
const RETRIED_MS = 60_000;
const MOVED = "agent.transitioned";
/** On a machine where other tests run, too. */
const TEST_MS = 90_000;

describe("webhooks", { timeout: TEST_MS }, () => {
  let site: Site;
  let post: ProjectRow;
  let courier: Performer;
  let receiver: Receiver;
  beforeAll(async () => {
    vi.stubEnv("MUSTER_WEBHOOK_ALLOWED_NETWORKS", "127.0.0.0/8");
    receiver = await startReceiver();
    site = await startSite(["--no-demo"]);
    post = await ensureProject(site.api, "demo/post");
    courier = await startPerformer(site.api, post, "courier");
  }, BROWSER_SET_UP_MS);
  afterAll(async () => {
    await courier?.stop();
    await site?.stop();
    receiver?.close();
    vi.unstubAllEnvs();
  });

  /** Makes a webhook for the courier's transitions, and answers its id and secret. */
  const webhookNamed = async (name: string) => {
    const { result } = await site.api.query<{ result: { secret: string; data: { id: string } } }>(
      `mutation ($input: CreateWebhookInput!) { result: createWebhook(input: $input) {
         ... on CreateWebhookSuccess { secret data { id } } } }`,
      { input: { projectId: post.id, name, url: receiver.urlOf(name), filter: { types: [MOVED] } } },
    );
    return { id: result.data.id, secret: result.secret };
  };
  const openWebhook = async (id: string) => {
    const page = await openPage(site.operator(), paths.webhook(id, post.path));
    await expect(page.getByRole("region", { name: "Deliveries" })).toBeVisible();
    return page;
  };
  /** The courier becomes busy, and idle again: two transitions. */
  const move = async () => {
    await courier.work();
    courier.finish();
  };
  const arrived = (name: string) => receiver.received(name).filter(({ type }) => type === MOVED);
  const confirm = async (page: Page, reason: string, name: string, button = name) => {
    const dialog = page.getByRole("dialog", { name });
    await dialog.getByRole("textbox", { name: "Reason" }).fill(reason);
    await dialog.getByRole("button", { name: button, exact: true }).click();
    await expect(dialog).toBeHidden();
  };
  const chooseMore = async (page: Page, name: string) => {
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name }).click();
  };

  it("are created on their page, and the secret is shown once", async () => {
    const page = await openPage(site.operator(), paths.fleet(post.path));
    await page.getByRole("navigation", { name: "Project" }).getByRole("link", { name: "Webhooks" }).click();
    await expect(title(page, "Webhooks")).toBeVisible();
    await page.getByRole("button", { name: "Create webhook" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Name" }).fill("pager");
    const address = dialog.getByRole("textbox", { name: "Address" });
    await address.fill("http://10.1.2.3/hook");
    const types = dialog.getByRole("combobox", { name: "Types" });
    await types.fill(MOVED);
    await types.press("Enter");
    const agents = dialog.getByRole("combobox", { name: "Agents" });
    await agents.fill("cour");
    await page.getByRole("option", { name: "courier" }).click();
    // Escape takes nothing away, and a text that is no label is not lost in silence.
    await types.press("Escape");
    await types.press("Escape");
    const labels = dialog.getByRole("combobox", { name: "Labels of the agent" });
    await labels.fill("no label");
    await labels.press("Enter");
    await dialog.getByRole("button", { name: "Create webhook" }).click();
    await expect(labels).toBeFocused();
    await labels.fill("");
    await dialog.getByRole("button", { name: "Create webhook" }).click();
    await expect(address).toHaveAccessibleDescription(/10\.1\.2\.3 is a private or special address/);
    await expect(address).toBeFocused();

    await address.fill(receiver.urlOf("pager"));
    await dialog.getByRole("button", { name: "Create webhook" }).click();
    const secret = await shownText(dialog.getByLabel("Secret"));
    expect(secret).toMatch(/^whsec_.{30,}/);
    await page.keyboard.press("Escape");
    await expect(dialog.getByLabel("Secret")).toHaveText(secret);
    await dialog.getByRole("button", { name: "I have stored it" }).click();
    await expect(title(page, "pager")).toBeVisible();
    expect(await page.content()).not.toContain(secret);
    const settings = page.getByRole("complementary", { name: "Settings" });
    await expect(settings).toContainText("courier");
    await expect(settings).toContainText(MOVED);

    await page.getByRole("button", { name: "Send a test" }).click();
    await expect(page.getByRole("status", { name: "Test" })).toContainText(/answered 200 in .* ?m?s/);
    await expect(page.getByRole("status", { name: "Test" })).toContainText("noted by pager");
    await expect(deliveryRows(page, "muster.test")).toContainText("Succeeded");
    const [test] = receiver.received("pager");
    expect(test && signaturesBy(secret, test)).toBe(1);
  });

  it("send what an agent does, signed, and show it in their log", async () => {
    const { id, secret } = await webhookNamed("journal");
    const page = await openWebhook(id);
    await expect(page.getByRole("main")).toContainText("Nothing was sent yet");
    await move();
    const rows = deliveryRows(page, MOVED);
    await expect(rows).toHaveCount(2, { timeout: SHOWN_MS });
    await expect(rows.first()).toContainText("courier: Busy → Idle");
    await expect(rows.first()).toContainText("Succeeded", { timeout: SHOWN_MS });
    await expect(rows.last()).toContainText("Succeeded");
    expect(arrived("journal").map((request) => signaturesBy(secret, request))).toEqual([1, 1]);

    await rows.last().getByRole("link").click();
    await page.waitForURL(/delivery=whd_/);
    const dialog = page.getByRole("dialog", { name: "Delivery" });
    await expect(dialog).toContainText("noted by journal");
    await expect(dialog).toContainText('"to": "BUSY"');
    const sent = arrived("journal").length;
    const opened = page.url();
    await dialog.getByRole("button", { name: "Send again" }).click();
    await expect.poll(() => arrived("journal").length).toBe(sent + 1);
    // A new delivery, which is shown in place of the one it repeats.
    await expect(page).not.toHaveURL(opened);
    await expect(dialog).toContainText("Succeeded", { timeout: SHOWN_MS });
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(rows).toHaveCount(3);
  });

  it("are tried again when an address fails, and tell so", async () => {
    const { id } = await webhookNamed("flaky");
    receiver.answer("flaky", 500);
    const page = await openWebhook(id);
    await move();
    await expect(page.getByRole("main")).toContainText(/attempts? failed/, { timeout: SHOWN_MS });
    const rows = deliveryRows(page, MOVED);
    await expect(rows.last()).toContainText("Retrying");
    await expect(rows.last()).toContainText("500");
    await expect(rows.first()).toContainText("Pending");

    await rows.last().getByRole("link").click();
    const dialog = page.getByRole("dialog", { name: "Delivery" });
    await expect(dialog).toContainText("Answered 500");
    receiver.answer("flaky", 204);
    await dialog.getByRole("button", { name: "Retry now" }).click();
    await expect(dialog).toContainText("Succeeded", { timeout: SHOWN_MS });
    await page.keyboard.press("Escape");
    await expect(rows.first()).toContainText("Succeeded", { timeout: SHOWN_MS });
    await expect(page.getByRole("main")).not.toContainText(/attempts? failed/);
    const [first, again] = arrived("flaky").map(({ headers }) => headers["webhook-id"]);
    expect(again).toBe(first);
  });

  it("skip what somebody gives up, with the reason", async () => {
    const { id } = await webhookNamed("picky");
    receiver.answer("picky", 422);
    const page = await openWebhook(id);
    await move();
    const rows = deliveryRows(page, MOVED);
    await expect(rows.last()).toContainText("Retrying", { timeout: SHOWN_MS });
    await rows.last().getByRole("link").click();
    await page.getByRole("dialog").getByRole("button", { name: "Skip" }).click();
    await confirm(page, "the receiver will never take it", "Skip this delivery", "Skip");
    await expect(page.getByRole("dialog", { name: "Delivery" })).toContainText("the receiver will never take it");
    receiver.answer("picky", 200);
    await page.keyboard.press("Escape");
    await expect(rows.last()).toContainText("Skipped");
    // It may have been sent in vain before the answer changed, and then waits for its turn.
    await expect(rows.first()).toContainText("Succeeded", { timeout: RETRIED_MS });
    await page.getByRole("button", { name: "Skipped" }).click();
    await expect(rows).toHaveCount(1);
    await expect(rows).toContainText("the receiver will never take it");
  }, 120_000);

  it("wait while they are paused, and go on where they stopped", async () => {
    const { id } = await webhookNamed("patient");
    const page = await openWebhook(id);
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await confirm(page, "the receiver moves house", "Pause");
    await expect(page.getByRole("main")).toContainText("Paused: the receiver moves house");
    await move();
    await page.getByRole("button", { name: "Send a test" }).click();
    await expect(page.getByRole("status", { name: "Test" })).toContainText("answered 200");
    expect(arrived("patient")).toEqual([]);
    await page.getByRole("button", { name: "Resume", exact: true }).click();
    await confirm(page, "it has arrived", "Resume");
    await expect(page.getByRole("main")).not.toContainText("the receiver moves house");
    await expect(deliveryRows(page, MOVED).first()).toContainText("Succeeded", { timeout: SHOWN_MS });
    await expect.poll(() => arrived("patient").length).toBe(2);
  });

  it("are replayed from a time on", async () => {
    const { id } = await webhookNamed("archive");
    await move();
    await expect.poll(() => arrived("archive").length, { timeout: SHOWN_MS }).toBe(2);
    const page = await openWebhook(id);
    await chooseMore(page, "Replay");
    const dialog = page.getByRole("dialog", { name: "Replay archive" });
    await dialog.getByRole("radio", { name: "After a cursor" }).check();
    await dialog.getByRole("textbox", { name: "Cursor" }).fill("no cursor at all");
    await dialog.getByRole("textbox", { name: "Reason" }).fill("the disk was lost");
    await dialog.getByRole("button", { name: "Replay" }).click();
    await expect(problem(dialog)).toBeVisible();
    await dialog.getByRole("radio", { name: "Since a time" }).check();
    await dialog.getByRole("button", { name: "1 hour ago" }).click();
    await dialog.getByRole("button", { name: "Replay" }).click();
    await expect(dialog).toBeHidden();
    await expect.poll(() => arrived("archive").length, { timeout: SHOWN_MS }).toBeGreaterThanOrEqual(4);
    const ids = arrived("archive").map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("sign with both secrets after a rotation", async () => {
    const { id, secret: old } = await webhookNamed("vault");
    const page = await openWebhook(id);
    await chooseMore(page, "Rotate secret");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Rotate secret" }).click();
    const secret = await shownText(dialog.getByLabel("Secret"));
    expect(secret).not.toBe(old);
    await dialog.getByRole("button", { name: "I have stored it" }).click();
    await expect(page.getByRole("complementary", { name: "Settings" })).toContainText("signs until");
    await page.getByRole("button", { name: "Send a test" }).click();
    await expect(page.getByRole("status", { name: "Test" })).toContainText("answered 200");
    const [test] = receiver.received("vault");
    expect(test && [secret, old].map((each) => signaturesBy(each, test))).toEqual([1, 1]);
  });

  it("are edited, and keep what they have", async () => {
    const { id } = await webhookNamed("draft");
    const page = await openWebhook(id);
    await page.getByRole("button", { name: "Edit" }).click();
    const dialog = page.getByRole("dialog", { name: "Edit draft" });
    await expect(dialog.getByRole("button", { name: `Remove ${MOVED}` })).toBeVisible();
    await dialog.getByRole("textbox", { name: "Name" }).fill("fair copy");
    const states = dialog.getByRole("combobox", { name: "States that were reached" });
    await states.fill("err");
    await states.press("Enter");
    await dialog.getByRole("button", { name: "Save changes" }).click();
    await expect(dialog).toBeHidden();
    await expect(title(page, "fair copy")).toBeVisible();
    const settings = page.getByRole("complementary", { name: "Settings" });
    await expect(settings).toContainText(MOVED);
    await expect(settings).toContainText("Error");
  });

  it("are deleted after a confirmation that names them, on every open page", async () => {
    const { id } = await webhookNamed("relic");
    const [page, list] = await Promise.all([openWebhook(id), openPage(site.operator(), paths.webhooks(post.path))]);
    await expect(list.getByRole("link", { name: "relic" })).toBeVisible();
    await chooseMore(page, "Delete");
    await confirm(page, "nobody listens", "Delete relic");
    await expect(title(page, "Webhooks")).toBeVisible();
    await expect(page.getByRole("link", { name: "journal" })).toBeVisible();
    await expect(page.getByRole("link", { name: "relic" })).toBeHidden();
    await expect(list.getByRole("link", { name: "relic" })).toBeHidden();
    await page.goto(paths.webhook(id, post.path));
    await expect(page.getByRole("main")).toContainText(`There is no webhook ${id}`);
  });
});
